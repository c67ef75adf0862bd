import { isRouteErrorResponse, useLocation, useNavigate, useRouteError } from "@remix-run/react";
import { Button, ButtonLink } from "./button.tsx";
import { ErrorState } from "./state.tsx";

const TITLES: Record<number, string> = { 403: "You may not see this", 404: "There is nothing here", 429: "Too many requests", 503: "Not ready yet" };

/** The boundary of every page: what happened in words, and a way on. */
export function RouteError() {
  const error = useRouteError();
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const known = isRouteErrorResponse(error);
  const said = known && typeof error.data === "string" && error.data !== "" ? error.data : undefined;
  const gone = known && error.status === 404;
  return (
    <ErrorState
      title={known ? (TITLES[error.status] ?? `The server answered ${error.status}`) : "This page failed"}
      action={
        <>
          {!gone && <Button variant="primary" onClick={() => navigate(0)}>Try again</Button>}
          <ButtonLink to="/">Start page</ButtonLink>
        </>
      }
    >
      {gone ? (said ?? `No page or record has the address ${pathname}.`) : (said ?? (error instanceof Error ? error.message : "Something unexpected went wrong. The server's log has the details."))}
    </ErrorState>
  );
}
