/** How browser tests reach the product that product.ts started. */
function variable(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: browser tests run through \`npm test -- browser\``);
  return value;
}

export interface Product {
  /** Without a slash at the end. */
  url: string;
  username: "admin";
  password: string;
  /** Without a rate limit. */
  apiKey: string;
  /** The line that `npm start` printed for pasting. */
  curl: string;
}

export const product = (): Product => ({
  url: variable("PRODUCT_URL"),
  username: "admin",
  password: variable("PRODUCT_PASSWORD"),
  apiKey: variable("PRODUCT_API_KEY"),
  curl: variable("PRODUCT_CURL"),
});
