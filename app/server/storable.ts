/** PostgreSQL's text holds neither NUL nor lone surrogates. */
export const isStorable = (text: string): boolean => !text.includes("\0") && text.isWellFormed();

/**
 * NUL in an address or a form; both are percent-encoded, where a lone surrogate cannot be written. Pages hand their fields to
 * the models as they are, so this is asked once for all of them.
 */
export async function carriesNul(request: Request): Promise<boolean> {
  if (request.url.includes("%00")) return true;
  const isForm = request.method !== "GET" && request.headers.get("content-type")?.startsWith("application/x-www-form-urlencoded");
  return isForm ? (await request.clone().text()).includes("%00") : false;
}
