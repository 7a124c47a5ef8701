#!/usr/bin/env bash
# The ten-minute tour of the README, done by a program: the whole story of requirement X09 against the real binary, with
# nothing but curl. It prints each step, its commands (secrets shortened) and what came back, stops at the first surprise,
# and restarts the server between two steps and kills it between two others (X10).
#
#   scripts/tour.sh PROGRAM [postgres://...]
#
# With TOUR_RESTART=TERM (or KILL) the server is ended so before each and every step.
set -euo pipefail

PROGRAM=$(realpath "${1:?usage: scripts/tour.sh PROGRAM [postgres-url]}")
DATABASE=${2:-}
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
FOLDER=$(mktemp -d "${TMPDIR:-/tmp}/wayleave-tour.XXXXXX")
STEPS=0
SERVER='' SAMPLE='' DEMO=''

# What the caller has set is not what is shown here.
for name in "${!WAYLEAVE_@}"; do unset "$name"; done
cd "$FOLDER"

cleanup() {
    local pid
    for pid in $SERVER $SAMPLE $DEMO; do
        kill -KILL "$pid" 2>/dev/null || true
        wait "$pid" 2>/dev/null || true
    done
    cd / && rm -rf "$FOLDER"
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# ---- saying what happens ----

step() {
    STEPS=$((STEPS + 1))
    printf '\n%2d. %s\n' "$STEPS" "$*"
    if [ -n "${TOUR_RESTART:-}" ] && [ -n "$SERVER" ]; then again "$TOUR_RESTART"; fi
}

# Secrets are shown by their kind alone.
masked() {
    sed -E -e 's/(wl[a-z]_)[A-Za-z0-9_-]{12,}/\1.../g' -e 's/eyJ[A-Za-z0-9_.-]{20,}/eyJ.../g' \
        -e 's/("password": *")[^"]*/\1.../g' -e 's/((csrf_token": *"|X-CSRF-Token: ))[0-9a-f]{16,}/\1.../g' \
        -e 's/__Host-wayleave=[^;[:space:]]+/__Host-wayleave=.../g'
}

say() { printf '%s\n' "$*" | masked | cut -c 1-"${WIDTH:-400}" | sed 's/^/    /'; }

surprise() {
    {
        printf '\nSURPRISE in step %d: %s\n%s %s\n' "$STEPS" "$*" "${STATUS:-}" "${BODY:-}"
        printf '\nThe last lines of the log:\n'
        tail -n 20 serve.log
    } 2>&1 | masked >&2
    exit 1
}

# ---- talking to the server ----

# call METHOD URL [option of curl ...]: leaves STATUS, BODY and the file `head`.
call() {
    local method=$1 url=$2 shown='' word
    shift 2
    for word in "$@"; do
        case $word in *[!A-Za-z0-9@:/._=-]*) shown+=" '$word'" ;; *) shown+=" $word" ;; esac
    done
    say "\$ curl -X $method$shown $url"
    : >body
    : >head
    STATUS=$(curl --silent --show-error --max-time 20 -X "$method" "$@" --output body --dump-header head \
        --write-out '%{http_code}' "$url") || surprise "curl has failed"
    BODY=$(<body)
    WIDTH=${WIDTH:-240} say "$STATUS ${BODY//$'\n'/ }"
}

# api TOKEN METHOD PATH [JSON]: a call of the management API.
api() {
    local token=$1 method=$2 path=$3
    if [ $# -gt 3 ]; then
        call "$method" "$CONTROL$path" -H "Authorization: Bearer $token" -H 'Content-Type: application/json' -d "$4"
    else
        call "$method" "$CONTROL$path" -H "Authorization: Bearer $token"
    fi
}

expect() { [ "$STATUS" = "$1" ] || surprise "expected $1"; }

contains() {
    local part
    for part in "$@"; do
        [[ $BODY == *"$part"* ]] || surprise "the answer lacks $part"
    done
}

lacks() { [[ $BODY != *"$1"* ]] || surprise "the answer still has $1"; }

# Takes the first text member of this name out of BODY.
member() {
    [[ $BODY =~ \"$1\":\"([^\"]*)\" ]] || surprise "the answer has no $1"
    printf '%s' "${BASH_REMATCH[1]}"
}

# A refusal by the gateway: its status, its code, and the id of its decision.
refused() {
    expect "$1"
    [ "$(member code)" = "$2" ] || surprise "expected the code $2"
    DECISION=$(member decision)
}

# ---- the server itself ----

# Waits until file $1 has a line with $2, written by process $3.
await_line() {
    local tries
    for tries in $(seq 600); do
        grep -q "$2" "$1" 2>/dev/null && return
        kill -0 "$3" 2>/dev/null || surprise "the program has ended: $(tail -n 5 "$1") $(tail -n 5 serve.log)"
        sleep 0.1
    done
    surprise "the program does not start"
}

address() { sed -n "s|^$1  *http://\([^ /]*\).*|\1|p" "$2"; }

serve() {
    : >serve.out
    "$PROGRAM" serve >>serve.out 2>>serve.log &
    SERVER=$!
    await_line serve.out '^Ctrl-C' "$SERVER"
}

# Ends the server with signal $1 and starts it again at the same addresses.
again() {
    say "\$ kill -$1 $SERVER; wayleave serve"
    kill "-$1" "$SERVER"
    local ended=0
    # Bash would say that it was killed.
    { wait "$SERVER" || ended=$?; } 2>/dev/null
    SERVER=''
    if [ "$1" = TERM ] && [ "$ended" != 0 ]; then surprise "SIGTERM ended it with $ended"; fi
    serve
    say "ended with $ended, and is there again"
}

# register NAME: a person registers, signs in and makes a personal access token; leaves it in TOKEN.
register() {
    local name=$1 password csrf
    password=$(random)
    call POST "$CONTROL/api/v1/users" -H 'Content-Type: application/json' \
        -d "{\"username\":\"$name\",\"email\":\"$name@tour.invalid\",\"password\":\"$password\"}"
    expect 201
    sign_in "$name" "$password"
}

sign_in() {
    local csrf
    call POST "$CONTROL/api/v1/session" -c "jar-$1" -H 'Content-Type: application/json' \
        -d "{\"username\":\"$1\",\"password\":\"$2\"}"
    expect 200
    csrf=$(member csrf_token)
    if [ "$1" = developer ]; then
        say "(a write with the cookie alone is what another site could make a browser do)"
        call POST "$CONTROL/api/v1/me/tokens" -b "jar-$1" -H 'Content-Type: application/json' -d '{"name":"tour"}'
        expect 403
        contains '"code":"cross-site"'
    fi
    call POST "$CONTROL/api/v1/me/tokens" -b "jar-$1" -H "X-CSRF-Token: $csrf" -H 'Content-Type: application/json' \
        -d '{"name":"tour"}'
    expect 201
    TOKEN=$(member token)
}

random() { head -c 24 /dev/urandom | od -An -v -tx1 | tr -d ' \n'; }

# ==== the story ====

printf 'The tour, on %s\n' "$([ -n "$DATABASE" ] && echo PostgreSQL || echo SQLite)"
export WAYLEAVE_LISTEN=127.0.0.1:0 WAYLEAVE_GATEWAY_LISTEN=127.0.0.1:0 WAYLEAVE_OPERATIONS_LISTEN=127.0.0.1:0
export WAYLEAVE_REGISTRATION=open WAYLEAVE_DATA=$FOLDER/data
if [ -n "$DATABASE" ]; then
    (umask 077 && head -c 32 /dev/urandom | od -An -v -tx1 | tr -d ' \n' >master.key)
    export WAYLEAVE_DATABASE=$DATABASE WAYLEAVE_MASTER_KEY_FILE=$FOLDER/master.key
fi

step 'The server starts with nothing prepared, and says where it is'
"$PROGRAM" sample --listen 127.0.0.1:0 >sample.out 2>>serve.log &
SAMPLE=$!
say '$ wayleave serve'
serve
await_line sample.out '^Sample' "$SAMPLE"
say "$(cat serve.out)"
UPSTREAM=$(address 'Sample upstream' sample.out)
WAYLEAVE_LISTEN=$(address Console serve.out)
WAYLEAVE_GATEWAY_LISTEN=$(address Gateway serve.out)
WAYLEAVE_OPERATIONS_LISTEN=$(address Operations serve.out)
CONTROL=http://$WAYLEAVE_LISTEN GATEWAY=http://$WAYLEAVE_GATEWAY_LISTEN
call GET "http://$WAYLEAVE_OPERATIONS_LISTEN/readyz"
expect 200
[ "$(stat -c %a data/first-login.txt)" = 600 ] || surprise 'first-login.txt can be read by others'
! grep -q "$(sed -n 's/^admin //p' data/first-login.txt)" serve.log serve.out || surprise 'the password is in the log'

step 'A developer registers, signs in as a browser does, and makes a personal access token'
register developer
DEVELOPER=$TOKEN

step 'The developer creates an organization (the partner) and an app with a client, an API key and a secret'
api "$DEVELOPER" POST /api/v1/organizations '{"name":"Consumer organization"}'
expect 201
PARTNER=$(member id)
api "$DEVELOPER" POST /api/v1/apps "{\"organization\":\"$PARTNER\",\"name\":\"Tour app\"}"
expect 201
APP=$(member id)
api "$DEVELOPER" POST /api/v1/clients "{\"app\":\"$APP\",\"name\":\"Tour client\"}"
expect 201
CLIENT=$(member id)
CLIENT_ID=$(member client_id)
api "$DEVELOPER" POST "/api/v1/clients/$CLIENT/credentials" '{"kind":"api_key"}'
expect 201
CREDENTIAL=$(member id)
KEY=$(member secret)
api "$DEVELOPER" POST "/api/v1/clients/$CLIENT/credentials" '{"kind":"client_secret"}'
expect 201
SECRET=$(member secret)

step 'A provider registers, creates an organization and an API, and imports a real OpenAPI document as it is'
register provider
PROVIDER=$TOKEN
api "$PROVIDER" POST /api/v1/organizations '{"name":"Provider organization"}'
expect 201
OWNER=$(member id)
api "$PROVIDER" POST /api/v1/apis "{\"organization\":\"$OWNER\",\"name\":\"Identity Management\",\"slug\":\"identity-management\"}"
expect 201
API=$(member id)
call POST "$CONTROL/api/v1/apis/$API/versions?name=v3" -H "Authorization: Bearer $PROVIDER" \
    -H 'Content-Type: application/json' --data-binary "@$ROOT/demo/openapi/akamai-identity-management-v3.json"
expect 201
contains '"operations":96' '"format":"json"'
VERSION=$(member id)
api "$PROVIDER" PATCH "/api/v1/versions/$VERSION" '{"security":[{"scheme":"api_key"},{"scheme":"oauth"}]}'
expect 200

step 'The provider says where calls go, and publishes the version to both environments'
api "$PROVIDER" POST "/api/v1/organizations/$OWNER/destinations" \
    "{\"name\":\"Upstream\",\"url\":\"http://$UPSTREAM/identity-management/v3\"}"
expect 201
DESTINATION=$(member id)
for environment in sandbox production; do
    api "$PROVIDER" PUT "/api/v1/versions/$VERSION/publications/$environment" "{\"destination\":\"$DESTINATION\"}"
    expect 200
done
URL=$GATEWAY/identity-management/v3/user-profile/common/countries

step 'The provider offers a plan that needs approval: 3 calls in 10 seconds'
api "$PROVIDER" POST /api/v1/limit_groups \
    "{\"name\":\"Three in ten\",\"organization\":\"$OWNER\",\"windows\":[{\"count\":3,\"seconds\":10},{\"count\":1000,\"per\":\"day\"}]}"
expect 201
GROUP=$(member id)
api "$PROVIDER" POST /api/v1/plans \
    "{\"name\":\"Production: needs approval\",\"organization\":\"$OWNER\",\"limit_group\":\"$GROUP\",\"requires_approval\":true}"
expect 201
PLAN=$(member id)
api "$PROVIDER" PUT "/api/v1/apis/$API/plans" "{\"plans\":[\"$PLAN\"]}"
expect 200

step 'The provider publishes terms of use, and says that an approved request is activated by hand'
api "$PROVIDER" POST "/api/v1/apis/$API/agreements" '{"title":"Terms of use","text":"Stay within your limits."}'
expect 201
AGREEMENT=$(member id)
api "$PROVIDER" PUT "/api/v1/apis/$API/environments/production" '{"approval":"automatic","activation":"default"}'
expect 200

step 'The developer finds the API and follows it'
api "$DEVELOPER" GET /api/v1/apis
expect 200
contains "$API"
api "$DEVELOPER" PUT "/api/v1/apis/$API/follow"
expect 200
contains '"following":true'
api "$PROVIDER" GET "/api/v1/apis/$API/followers"
expect 200
contains '"username":"developer"'

step 'Before access was asked for, a call is refused'
call GET "$URL" -H "X-API-Key: $KEY"
refused 403 not-subscribed

step 'The developer asks for access; without an answer to the terms the request is not taken'
ASK="\"apps\":[\"$APP\"],\"api\":\"$API\",\"environment\":\"production\",\"plan\":\"$PLAN\",\"comment\":\"For the tour.\""
api "$DEVELOPER" POST /api/v1/subscriptions "{$ASK}"
expect 422
contains '"pointer":"/agreement'
api "$DEVELOPER" POST /api/v1/subscriptions "{$ASK,\"agreement\":{\"agreement\":\"$AGREEMENT\",\"answer\":\"accepted\"}}"
expect 201
contains '"state":"requested"' '"status":"Access Requested"'
[[ $BODY =~ (sub_[a-z0-9]{26}) ]] || surprise 'there is no subscription'
SUBSCRIPTION=${BASH_REMATCH[1]}
call GET "$URL" -H "X-API-Key: $KEY"
refused 403 subscription-pending

step 'The server is restarted: everything is kept'
again TERM
call GET "$URL" -H "X-API-Key: $KEY"
refused 403 subscription-pending

step 'The provider has a notice and a task'
for tries in $(seq 50); do
    api "$PROVIDER" GET '/api/v1/me/notices?unread=true'
    expect 200
    [[ $BODY == *'"verb":"subscription.requested"'* ]] && break
    sleep 0.1
done
contains '"verb":"subscription.requested"' "$SUBSCRIPTION"
api "$PROVIDER" GET /api/v1/tasks
expect 200
contains "$SUBSCRIPTION" '"state":"open"'

step 'The provider approves; a call is still refused, because approved is not yet active'
api "$PROVIDER" POST "/api/v1/subscriptions/$SUBSCRIPTION/approve" '{"comment":"Welcome."}'
expect 200
contains '"state":"approved"' '"waits_for_activation":true'
call GET "$URL" -H "X-API-Key: $KEY"
refused 403 subscription-pending

step 'The decision is marked as unread until the developer reads it'
api "$DEVELOPER" GET "/api/v1/subscriptions/$SUBSCRIPTION"
expect 200
contains '"unread":true' '"comment_response":"Welcome."'
api "$DEVELOPER" POST "/api/v1/subscriptions/$SUBSCRIPTION/read"
expect 200
contains '"unread":false'

step 'The server is killed with SIGKILL: whatever was answered is kept'
again KILL
api "$DEVELOPER" GET "/api/v1/subscriptions/$SUBSCRIPTION"
expect 200
contains '"state":"approved"' '"unread":false'

step 'The provider activates; the next call passes with the API key, and with an access token'
api "$PROVIDER" POST "/api/v1/subscriptions/$SUBSCRIPTION/activate"
expect 200
contains '"state":"active"' '"status":"Active"'
call GET "$URL" -H "X-API-Key: $KEY"
expect 200
call POST "$CONTROL/oauth2/token" -u "$CLIENT_ID:$SECRET" -d grant_type=client_credentials
expect 200
ACCESS=$(member access_token)
call GET "$URL" -H "Authorization: Bearer $ACCESS"
expect 200

step 'The fourth call in ten seconds meets the limit of the plan'
# A whole window from its beginning: the calls before do not count in it, and the calls below do not straddle two.
sleep "$((10 - $(date +%s) % 10))"
for number in 1 2 3; do
    call GET "$URL" -H "X-API-Key: $KEY"
    expect 200
done
call GET "$URL" -H "X-API-Key: $KEY"
refused 429 limit-exceeded
RETRY=$(sed -n 's/^retry-after: \([0-9]*\).*/\1/Ip' head)
say "Retry-After: $RETRY"
[ "${RETRY:-0}" -ge 1 ] && [ "$RETRY" -le 10 ] || surprise "Retry-After is '$RETRY', not 1 to 10"
RESUMES=$(($(date +%s) + RETRY))
contains '10 seconds'

step 'The provider suspends; the very next call is refused, with the key and with the token'
api "$PROVIDER" POST "/api/v1/subscriptions/$SUBSCRIPTION/suspend" '{"comment":"A pause."}'
expect 200
contains '"state":"suspended"'
call GET "$URL" -H "X-API-Key: $KEY"
refused 403 subscription-suspended
call GET "$URL" -H "Authorization: Bearer $ACCESS"
refused 403 subscription-suspended

step 'The developer looks a refusal up: it names credential, client, app, subscription, plan and rule'
call GET "$URL" -H "X-API-Key: $KEY"
refused 403 subscription-suspended
WIDTH=2000 api "$DEVELOPER" GET "/api/v1/decisions/$DECISION"
expect 200
contains "$CREDENTIAL" "$CLIENT" "$APP" "$SUBSCRIPTION" "$PLAN" '"rule":"subscription"' '"code":"subscription-suspended"'
lacks "$KEY"

step 'The side that suspended resumes; the developer cannot'
api "$DEVELOPER" POST "/api/v1/subscriptions/$SUBSCRIPTION/resume"
expect 403
contains '"reason":"other_side_suspended"'
api "$PROVIDER" POST "/api/v1/subscriptions/$SUBSCRIPTION/resume"
expect 200
contains '"state":"active"'
REST=$((RESUMES - $(date +%s)))
if [ "$REST" -gt 0 ]; then
    say "(waiting for what Retry-After said: $REST s)"
    sleep "$REST"
fi
call GET "$URL" -H "X-API-Key: $KEY"
expect 200

step 'The developer cancels; the next call is refused, and the row is gone from the lists'
api "$DEVELOPER" GET "/api/v1/apps/$APP/apis"
contains "$SUBSCRIPTION"
api "$DEVELOPER" POST "/api/v1/subscriptions/$SUBSCRIPTION/cancel"
expect 200
contains '"state":"cancelled"' '"status":"Inactive"'
call GET "$URL" -H "X-API-Key: $KEY"
refused 403 subscription-ended
for path in "/api/v1/apps/$APP/apis" /api/v1/subscriptions; do
    api "$DEVELOPER" GET "$path"
    expect 200
    lacks "$SUBSCRIPTION"
done
api "$PROVIDER" GET "/api/v1/apis/$API/apps"
expect 200
lacks "$SUBSCRIPTION"

step 'The trail has kept all of it, and its chain is whole'
sign_in admin "$(sed -n 's/^admin //p' data/first-login.txt)"
ADMIN=$TOKEN
api "$ADMIN" GET "/api/v1/trail?kind=subscription&id=$SUBSCRIPTION"
expect 200
for verb in requested approved activated suspended resumed cancelled; do contains "\"verb\":\"subscription.$verb\""; done
api "$ADMIN" GET /api/v1/trail/verification
expect 200
contains '"intact":true'

step 'Nothing went wrong that nobody saw'
if grep -E 'ERROR|panicked' serve.log; then surprise 'the log has an error'; fi
for secret in "$KEY" "$SECRET" "$ACCESS" "$DEVELOPER" "$PROVIDER"; do
    if grep -qF "$secret" serve.log serve.out; then surprise 'the log has a secret'; fi
done
kill -TERM "$SERVER"
wait "$SERVER" || surprise 'SIGTERM did not end it well'
SERVER=''
say 'no error and no secret in the log; SIGTERM ended the server well'

# ==== the demo ====

# One database is enough for this: the demo is about its own commands.
if [ -z "$DATABASE" ]; then
    demo() {
        : >demo.out
        env -u WAYLEAVE_REGISTRATION WAYLEAVE_DATA="$FOLDER/demo" WAYLEAVE_LISTEN="$1" WAYLEAVE_GATEWAY_LISTEN="$2" \
            "$PROGRAM" demo "${@:3}" >>demo.out 2>>serve.log &
        DEMO=$!
        await_line demo.out '^Ctrl-C' "$DEMO"
    }

    step 'The commands that the demo prints work when they are pasted'
    demo 127.0.0.1:0 127.0.0.1:0
    # The lines between a heading and the next blank line.
    pasted() {
        local line inside=''
        while IFS= read -r line; do
            case $line in '# '*) inside=1 ;; '') inside='' ;; *) [ -z "$inside" ] || printf '%s\n' "${line#  }" ;; esac
        done <demo.out
    }
    pasted >pasted.sh
    say "$(cat pasted.sh)"
    bash -eu -o pipefail pasted.sh >pasted.out 2>&1 || { tail -n 20 pasted.out; surprise 'a command of the demo has failed'; }
    BODY=$(tr '\r' ' ' <pasted.out)
    STATUSES=$(sed -n 's|^HTTP/1.1 \([0-9]*\).*|\1|p' pasted.out | uniq | tr '\n' ' ')
    say "statuses, repeated ones once: $STATUSES"
    [[ $STATUSES == '200 429 403 200 ' || $STATUSES == '200 429 200 429 403 200 ' ]] || surprise 'the demo answers otherwise than it says'
    contains 'The plan allows 5 calls in 10 seconds' 'retry-after: ' '"state":"approved"' '"state":"active"' '"code":"subscription-suspended"'

    step 'The demo is started again and goes on; --fresh begins anew'
    first=$(grep '^client-id' demo/first-login.txt)
    control=$(address '  Console' demo.out) gateway=$(address '  Gateway' demo.out)
    kill -TERM "$DEMO"
    wait "$DEMO" || surprise 'SIGTERM did not end the demo well'
    demo "$control" "$gateway"
    [ "$(grep '^client-id' demo/first-login.txt)" = "$first" ] || surprise 'the demo was seeded twice'
    call GET "http://$gateway/identity-management/v3/user-profile/common/countries" \
        -H "X-API-Key: $(sed -n 's/^api-key //p' demo/first-login.txt)"
    expect 200
    kill -TERM "$DEMO"
    wait "$DEMO" || surprise 'SIGTERM did not end the demo well'
    demo "$control" "$gateway" --fresh
    [ "$(grep '^client-id' demo/first-login.txt)" != "$first" ] || surprise '--fresh has kept what was there'
    kill -TERM "$DEMO"
    wait "$DEMO" || surprise 'SIGTERM did not end the demo well'
    DEMO=''
    say 'it went on with what it had, and began anew when asked'
fi

printf '\ntour: %d steps passed in %d s\n' "$STEPS" "$SECONDS"
