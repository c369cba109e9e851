/**
 * Pairs of an error that was fixed and one that stands on the screen later, with the verdict of a person: would the old
 * fix help? All of our own making, in the words of real tools.
 */
interface Asked {
  text: string;
  /** As an extension of the editor tells it; without it `text` is what a command put out. */
  code?: string;
  file?: string;
}

export interface Pair {
  tool: string;
  /** What the command put out that failed and was fixed. */
  past: string;
  asked: Asked;
  /** The old fix helps. */
  isSame: boolean;
}

const of =
  (tool: string, isSame: boolean) =>
  (past: string, asked: string | Asked): Pair => ({
    tool,
    past,
    asked: typeof asked === 'string' ? { text: asked } : asked,
    isSame,
  });
const tsc = of('tsc', true);
const notTsc = of('tsc', false);
const eslint = of('eslint', true);
const notEslint = of('eslint', false);
const pytest = of('pytest', true);
const notPytest = of('pytest', false);
const go = of('go', true);
const notGo = of('go', false);
const cargo = of('cargo', true);
const notCargo = of('cargo', false);
const java = of('javac/gradle', true);
const notJava = of('javac/gradle', false);
const node = of('node/npm', true);
const notNode = of('node/npm', false);

/** By these the threshold was chosen. */
export const tuningPairs: readonly Pair[] = [
  tsc(
    "src/cart.ts(12,5): error TS2741: Property 'retryBudget' is missing in type '{ url: string; }' " +
      "but required in type 'ClientOptions'.",
    {
      text: "Property 'retryBudget' is missing in type '{ url: string; }' but required in type 'ClientOptions'.",
      code: 'TS2741',
      file: '/w/shop/src/order.ts',
    },
  ),
  tsc(
    "src/cart.ts:12:5 - error TS2305: Module '\"./events\"' has no exported member 'OrderPlaced'.",
    "test/order.test.ts(3,10): error TS2305: Module '\"./events\"' has no exported member 'OrderPlaced'.",
  ),
  tsc(
    "src/a.ts(1,20): error TS7016: Could not find a declaration file for module 'flamingo-client'. " +
      "'/w/node_modules/flamingo-client/index.js' implicitly has an 'any' type.",
    {
      text:
        "Could not find a declaration file for module 'flamingo-client'. " +
        "'/home/me/shop/node_modules/flamingo-client/index.js' implicitly has an 'any' type.",
      code: 'TS7016',
      file: '/home/me/shop/src/b.ts',
    },
  ),
  tsc(
    "src/pay.ts(3,1): error TS2345: Argument of type 'Money' is not assignable to parameter of type 'Cents'.",
    "src/refund.ts(8,14): error TS2345: Argument of type 'Money' is not assignable to parameter of type 'Cents'.",
  ),
  tsc(
    "src/server.ts(4,1): error TS1378: Top-level 'await' expressions are only allowed when the " +
      "'module' option is set to 'es2022', 'esnext', 'system', 'node16', 'nodenext', or 'preserve', " +
      "and the 'target' option is set to 'es2017' or higher.",
    {
      text:
        "Top-level 'await' expressions are only allowed when the 'module' option is set to 'es2022', " +
        "'esnext', 'system', 'node16', 'nodenext', or 'preserve', and the 'target' option is set to " +
        "'es2017' or higher.",
      code: 'TS1378',
      file: '/w/tools/run.ts',
    },
  ),
  notTsc(
    "src/cart.ts(12,5): error TS2304: Cannot find name 'retryBudget'.",
    "src/cart.ts(14,5): error TS2304: Cannot find name 'shippingZone'.",
  ),
  notTsc(
    "src/cart.ts(12,5): error TS2322: Type 'string' is not assignable to type 'number'.",
    "src/user.ts(3,5): error TS2322: Type 'string' is not assignable to type 'number'.",
  ),
  notTsc(
    "src/cart.ts(12,5): error TS2307: Cannot find module 'lodash' or its corresponding type declarations.",
    "src/cart.ts(1,5): error TS2307: Cannot find module './prices' or its corresponding type declarations.",
  ),
  notTsc(
    "src/cart.ts(12,5): error TS2741: Property 'retryBudget' is missing in type 'X' but required in " +
      "type 'ClientOptions'.",
    'src/cart.ts(12,5): error TS2353: Object literal may only specify known properties, and ' +
      "'retryBudget' does not exist in type 'ClientOptions'.",
  ),
  tsc(
    "src/a.ts(1,1): error TS2741: Property 'retryBudget' is missing in type '{ url: string; }' but " +
      "required in type 'ClientOptions'.",
    "src/b.ts(4,1): error TS2741: Property 'retryBudget' is missing in type '{ host: string; port: " +
      "number; }' but required in type 'ClientOptions'.",
  ),
  notTsc(
    "src/a.ts(1,1): error TS2741: Property 'retryBudget' is missing in type '{ url: string; }' but " +
      "required in type 'ClientOptions'.",
    "src/b.ts(4,1): error TS2741: Property 'shippingZone' is missing in type '{ url: string; }' but " +
      "required in type 'ClientOptions'.",
  ),
  notTsc(
    "src/a.ts(1,1): error TS2532: Object is possibly 'undefined'.",
    "src/b.ts(1,1): error TS2532: Object is possibly 'undefined'.",
  ),
  notTsc("src/a.ts(1,1): error TS1005: ';' expected.", "src/b.ts(9,3): error TS1005: ';' expected."),
  eslint(
    '/w/shop/src/app.ts\n  12:5  error  React Hook "useEffect" has a missing dependency: ' +
      "'loadCart'  react-hooks/exhaustive-deps\n\n✖ 1 problem (1 error, 0 warnings)",
    {
      text: 'React Hook "useEffect" has a missing dependency: \'loadOrders\'',
      code: 'react-hooks/exhaustive-deps',
      file: '/w/shop/src/orders.ts',
    },
  ),
  eslint(
    "src/a.ts\n  1:1  error  '@shop/internal/db' import is restricted from being used by a pattern. " +
      'Go through the gateway  no-restricted-imports',
    {
      text: "'@shop/internal/queue' import is restricted from being used by a pattern. Go through the gateway.",
      code: 'no-restricted-imports',
      file: '/w/src/b.ts',
    },
  ),
  eslint(
    'src/a.ts\n  4:3  error  Promises must be awaited, end with a call to .catch, or end with a ' +
      'call to .then  @typescript-eslint/no-floating-promises',
    'src/b.ts\n  9:3  error  Promises must be awaited, end with a call to .catch, or end with a ' +
      'call to .then  @typescript-eslint/no-floating-promises',
  ),
  notEslint("src/a.ts\n  1:7  error  'total' is defined but never used  no-unused-vars", {
    text: "'price' is defined but never used.",
    code: 'no-unused-vars',
    file: '/w/src/b.ts',
  }),
  notEslint('src/a.ts\n  1:7  error  Unexpected console statement  no-console', {
    text: 'Unexpected alert.',
    code: 'no-alert',
    file: '/w/src/a.ts',
  }),
  notEslint(
    'src/a.ts\n  1:7  error  Parsing error: Unexpected token }',
    'src/b.ts\n  3:2  error  Parsing error: Unterminated template literal',
  ),
  pytest(
    "E   ModuleNotFoundError: No module named 'flamingo.gateway'\n=== 1 error in 0.2s ===",
    'Traceback (most recent call last):\n  File "run.py", line 3, in <module>\nModuleNotFoundError: ' +
      "No module named 'flamingo.gateway'",
  ),
  pytest(
    'tests/test_pay.py:12: in test_pay\nE   TypeError: charge() missing 1 required positional ' +
      "argument: 'idempotency_key'",
    'E   TypeError: charge() missing 1 required positional argument: ' +
      "'idempotency_key'\ntests/test_refund.py:40: TypeError",
  ),
  pytest(
    'E   sqlalchemy.exc.OperationalError: (sqlite3.OperationalError) no such table: ledger_entries',
    'E   sqlalchemy.exc.OperationalError: (sqlite3.OperationalError) no such table: ' +
      'ledger_entries\nFAILED tests/test_b.py::test_c',
  ),
  pytest(
    "E       fixture 'frozen_clock' not found\nE   ValueError: timezone 'Europe/Vaduz' unknown to the ledger",
    "ValueError: timezone 'Europe/Vaduz' unknown to the ledger",
  ),
  notPytest('E   AssertionError: assert 3 == 4', 'E   AssertionError: assert 7 == 9'),
  notPytest("E   KeyError: 'price'", "E   KeyError: 'zone'"),
  notPytest(
    "E   AttributeError: 'NoneType' object has no attribute 'total'",
    "E   AttributeError: 'NoneType' object has no attribute 'lower'",
  ),
  notPytest("E   ModuleNotFoundError: No module named 'requests'", "E   ModuleNotFoundError: No module named 'yaml'"),
  notPytest("E   TypeError: 'int' object is not callable", "E   ValueError: 'int' object is not callable"),
  go(
    './pay.go:12:9: cannot use cents (variable of type Cents) as Money value in argument to ChargeCard',
    './refund.go:40:2: cannot use cents (variable of type Cents) as Money value in argument to ChargeCard',
  ),
  go('./pay.go:12:9: c.RetryBudget undefined (type *Client has no field or method RetryBudget)', {
    text: 'c.RetryBudget undefined (type *Client has no field or method RetryBudget)',
    code: 'MissingFieldOrMethod',
    file: '/w/order.go',
  }),
  go(
    'store.go:3:2: no required module provides package github.com/acme/flamingo; to add it:',
    'queue.go:9:2: no required module provides package github.com/acme/flamingo; to add it:',
  ),
  notGo('./a.go:3:4: undefined: priceOf', './a.go:9:4: undefined: zoneOf'),
  notGo('./a.go:3:4: missing return', './b.go:9:4: missing return'),
  notGo('./a.go:3:4: declared and not used: total', './b.go:9:4: declared and not used: zone'),
  notGo(
    'a.go:3:2: no required module provides package github.com/acme/flamingo; to add it:',
    'a.go:3:2: no required module provides package github.com/other/heron; to add it:',
  ),
  cargo(
    'error[E0277]: the trait bound `Ledger: Serialize` is not satisfied\n --> src/a.rs:4:9\n  |\n4 ' +
      '| x\n  |   ^ the trait `Serialize` is not implemented for `Ledger`',
    'error[E0277]: the trait bound `Ledger: Serialize` is not satisfied\n --> src/z.rs:90:1\n  |\n9 ' +
      '| y\n  |   ^ the trait `Serialize` is not implemented for `Ledger`',
  ),
  cargo('error[E0432]: unresolved import `crate::gateway::RetryBudget`\n --> src/a.rs:1:5', {
    text: 'unresolved import `crate::gateway::RetryBudget`',
    code: 'E0432',
    file: '/w/src/b.rs',
  }),
  cargo(
    'error: linking with `cc` failed: unable to find library -lflamingo_sys',
    'error: linking with `cc` failed: unable to find library -lflamingo_sys\nerror: could not ' +
      'compile `shop` due to 1 previous error',
  ),
  notCargo(
    'error[E0308]: mismatched types\n --> src/a.rs:4:9\n  |\n4 | x\n  |   ^ expected `u32`, found `i64`',
    'error[E0308]: mismatched types\n --> src/b.rs:7:9\n  |\n7 | x\n  |   ^ expected `String`, found `&str`',
  ),
  notCargo(
    'error[E0382]: use of moved value: `ledger`\n --> src/a.rs:4:9',
    'error[E0382]: use of moved value: `config`\n --> src/b.rs:4:9',
  ),
  notCargo(
    'error: could not compile `shop` (bin "shop") due to 2 previous errors',
    'error: could not compile `shop` (bin "shop") due to 5 previous errors',
  ),
  java(
    'src/Pay.java:12: error: cannot find symbol\n    x.retryBudget();\n     ^\n  symbol:   method ' +
      'retryBudget()\n  location: class Client',
    'src/Order.java:90: error: cannot find symbol\n    y.retryBudget();\n     ^\n  symbol:   method ' +
      'retryBudget()\n  location: class Client',
  ),
  java(
    'src/Pay.java:12: error: incompatible types: Money cannot be converted to CentAmount',
    'src/Refund.java:8: error: incompatible types: Money cannot be converted to CentAmount',
  ),
  java(
    'Exception in thread "main" java.lang.IllegalStateException: Ledger `main_ledger` is sealed; open a period first',
    'java.lang.IllegalStateException: Ledger `main_ledger` is sealed; open a period first\n\tat ' +
      'com.acme.Ledger.post(Ledger.java:12)',
  ),
  notJava(
    'src/Pay.java:12: error: cannot find symbol\n  symbol:   variable total',
    'src/Pay.java:12: error: cannot find symbol\n  symbol:   variable zones',
  ),
  notJava("src/Pay.java:12: error: ';' expected", "src/Zone.java:3: error: ';' expected"),
  notJava(
    "FAILURE: Build failed with an exception.\n* What went wrong:\nExecution failed for task ':compileJava'.",
    "FAILURE: Build failed with an exception.\n* What went wrong:\nExecution failed for task ':compileJava'.",
  ),
  node(
    "Error [ERR_MODULE_NOT_FOUND]: Cannot find package 'flamingo-client' imported from /w/shop/src/a.mjs",
    "Error [ERR_MODULE_NOT_FOUND]: Cannot find package 'flamingo-client' imported from /home/me/shop/src/a.mjs",
  ),
  node(
    'TypeError: gateway.retryBudget is not a function\n    at run (/w/a.js:3:4)',
    'TypeError: gateway.retryBudget is not a function\n    at other (/w/b.js:30:4)',
  ),
  notNode(
    "TypeError: Cannot read properties of undefined (reading 'map')",
    "TypeError: Cannot read properties of undefined (reading 'length')",
  ),
  notNode('Error: Command failed: npm test', 'Error: Command failed: npm run build'),
  notNode('npm ERR! Test failed.  See above for more details.', 'npm ERR! Test failed.  See above for more details.'),
  notNode('Error: Process completed with exit code 1.', 'Error: Process completed with exit code 1.'),
];

/** Written after the threshold was chosen, and measured with it. */
export const heldBackPairs: readonly Pair[] = [
  tsc(
    "src/a.ts(1,1): error TS2724: '\"./gateway\"' has no exported member named 'RetryBudgt'. Did " +
      "you mean 'RetryBudget'?",
    {
      text: "'\"./gateway\"' has no exported member named 'RetryBudgt'. Did you mean 'RetryBudget'?",
      code: 'TS2724',
      file: '/w/z.ts',
    },
  ),
  tsc(
    'src/a.ts(1,1): error TS1259: Module \'"/w/shop/node_modules/heron/index"\' can only be ' +
      "default-imported using the 'esModuleInterop' flag",
    'src/b.ts(7,8): error TS1259: Module \'"/home/me/shop/node_modules/heron/index"\' can only be ' +
      "default-imported using the 'esModuleInterop' flag",
  ),
  tsc(
    "src/a.ts(9,1): error TS2375: Type '{ zone: string | undefined; }' is not assignable to type " +
      "'Shipment' with 'exactOptionalPropertyTypes: true'. Consider adding 'undefined' to the types " +
      "of the target's properties.",
    "src/b.ts(2,1): error TS2375: Type '{ zone: string | undefined; }' is not assignable to type " +
      "'Shipment' with 'exactOptionalPropertyTypes: true'. Consider adding 'undefined' to the types " +
      "of the target's properties.",
  ),
  notTsc(
    "src/a.ts(1,1): error TS2339: Property 'total' does not exist on type 'Cart'.",
    "src/a.ts(1,1): error TS2339: Property 'zone' does not exist on type 'Cart'.",
  ),
  notTsc(
    'src/a.ts(1,1): error TS2554: Expected 2 arguments, but got 1.',
    'src/b.ts(4,1): error TS2554: Expected 3 arguments, but got 1.',
  ),
  notTsc(
    "src/a.ts(1,1): error TS2345: Argument of type 'string | undefined' is not assignable to " +
      "parameter of type 'string'.",
    {
      text: "Argument of type 'string | undefined' is not assignable to parameter of type 'string'.",
      code: 'TS2345',
      file: '/w/b.ts',
    },
  ),
  eslint(
    'src/a.ts\n  3:1  error  Imports of node: builtins are forbidden in the browser bundle  shop/no-node-builtins',
    {
      text: 'Imports of node: builtins are forbidden in the browser bundle',
      code: 'shop/no-node-builtins',
      file: '/w/b.ts',
    },
  ),
  notEslint(
    'src/a.ts\n  3:1  error  Missing return type on function  @typescript-eslint/explicit-function-return-type',
    {
      text: 'Expected an assignment or function call and instead saw an expression.',
      code: '@typescript-eslint/no-unused-expressions',
      file: '/w/a.ts',
    },
  ),
  notEslint(
    "src/a.ts\n  3:1  error  'Cart' is not defined  no-undef",
    "src/b.ts\n  8:1  error  'Zone' is not defined  no-undef",
  ),
  pytest(
    'E   django.core.exceptions.ImproperlyConfigured: Requested setting LEDGER_URL, but settings are not configured.',
    'django.core.exceptions.ImproperlyConfigured: Requested setting LEDGER_URL, but settings are not configured.',
  ),
  pytest(
    "E   ImportError: cannot import name 'retry_budget' from partially initialized module " +
      "'shop.gateway' (most likely due to a circular import) (/w/shop/gateway.py)",
    "ImportError: cannot import name 'retry_budget' from partially initialized module " +
      "'shop.gateway' (most likely due to a circular import) (/home/me/shop/gateway.py)",
  ),
  pytest(
    'shop/pay.py:3: error: Incompatible return value type (got "Money", expected "Cents")  [return-value]',
    'shop/refund.py:30: error: Incompatible return value type (got "Money", expected "Cents")  [return-value]',
  ),
  notPytest("E   NameError: name 'total' is not defined", "E   NameError: name 'zone' is not defined"),
  notPytest(
    "E   ValueError: invalid literal for int() with base 10: 'abc'",
    "E   ValueError: invalid literal for int() with base 10: '1.5'",
  ),
  notPytest('E   RuntimeError: Event loop is closed', 'E   RuntimeError: Event loop stopped before Future completed.'),
  go(
    'panic: ledger: period "2026-10" is closed for main_ledger [recovered]\npay_test.go:12: ' +
      'unexpected error: ledger: period "2026-10" is closed for main_ledger',
    'order_test.go:90: unexpected error: ledger: period "2026-10" is closed for main_ledger',
  ),
  go(
    './a.go:3:4: *Ledger does not implement Poster (missing method PostEntry)',
    './z.go:30:4: *Ledger does not implement Poster (missing method PostEntry)',
  ),
  notGo('./a.go:3:4: not enough arguments in call to charge', './a.go:8:4: not enough arguments in call to refund'),
  notGo('./a.go:3:4: "strings" imported and not used', './b.go:5:2: "fmt" imported and not used'),
  cargo(
    'error[E0599]: no method named `retry_budget` found for struct `Client` in the current scope\n --> src/a.rs:3:4',
    'error[E0599]: no method named `retry_budget` found for struct `Client` in the current scope\n --> src/b.rs:8:4',
  ),
  cargo('error: failed to select a version for `openssl-sys`.', 'error: failed to select a version for `openssl-sys`.'),
  notCargo(
    'error[E0599]: no method named `total` found for struct `Cart` in the current scope',
    'error[E0599]: no method named `total` found for struct `Zone` in the current scope',
  ),
  notCargo(
    'error[E0425]: cannot find value `total` in this scope',
    'error[E0425]: cannot find value `zone` in this scope',
  ),
  java(
    'e: file:///w/shop/src/Pay.kt:3:5 Unresolved reference: retryBudget',
    'e: file:///w/shop/src/Order.kt:30:5 Unresolved reference: retryBudget',
  ),
  java(
    'src/Pay.java:12: error: package com.acme.flamingo does not exist',
    'src/Zone.java:2: error: package com.acme.flamingo does not exist',
  ),
  notJava(
    'src/Pay.java:12: error: incompatible types: String cannot be converted to int',
    'src/Zone.java:12: error: incompatible types: String cannot be converted to int',
  ),
  notJava(
    'src/Pay.java:12: error: package com.acme.flamingo does not exist',
    'src/Pay.java:12: error: package com.acme.heron does not exist',
  ),
  node(
    'Error: listen EADDRINUSE: address already in use 127.0.0.1:4173',
    'Error: listen EADDRINUSE: address already in use 127.0.0.1:4173',
  ),
  node(
    'ReferenceError: __dirname is not defined in ES module scope',
    'ReferenceError: __dirname is not defined in ES module scope\n    at file:///w/b.mjs:3:4',
  ),
  notNode('SyntaxError: Unexpected token < in JSON at position 0', 'SyntaxError: Unexpected end of JSON input'),
  notNode(
    "Error: ENOENT: no such file or directory, open '/w/shop/config.json'",
    "Error: ENOENT: no such file or directory, open '/w/shop/fixtures/zone.csv'",
  ),
];
