/** Servers from which models may be downloaded; used for the setting and for the download. */

export const isThisMachine = ({ hostname }: URL): boolean => ['localhost', '127.0.0.1', '[::1]'].includes(hostname);

/** True for https, or a server on this machine. */
export const isHubAllowed = (url: URL): boolean =>
  url.protocol === 'https:' || (url.protocol === 'http:' && isThisMachine(url));
