/** Where models may come from: one rule for the setting and for the download. */

export const isThisMachine = ({ hostname }: URL): boolean => ['localhost', '127.0.0.1', '[::1]'].includes(hostname);

/** Over https, or from a server on this machine. */
export const isHubAllowed = (url: URL): boolean =>
  url.protocol === 'https:' || (url.protocol === 'http:' && isThisMachine(url));
