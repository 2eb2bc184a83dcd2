# shellcheck shell=sh
# The Java judges of PDFs (veraPDF, DSS), of workbooks (POI) and of storage (S3Proxy) in .judges: jars by coordinates through
# Maven, each compared with tests/judges/jars.lock, and our small programs that ask them, compiled by a compiler that is
# one of the jars.
# They alone may be absent, and only while Maven cannot reach its registry: .judges/absent then says so.
# Beside them the judges that npm has, of the API's description (Redocly) and of workbooks (Microsoft's Open XML SDK): by npm's
# own lock with hashes, with the Node.js among the tests' Python packages. They may be absent likewise; .judges/npm/absent then
# says so.
# shellcheck disable=SC2154  # "here", "venv" and "local_root" come from ./run, python.sh and packages.sh

judges=$here/.judges
npm_judges=$judges/npm
judges_sources=$here/tests/judges

judges_stamp() {
    cksum "$judges_sources/pom.xml" "$judges_sources/jars.lock" "$judges_sources"/java/*.java "$here/tools/judges.sh"
}

judges_are_ready() {
    [ "$(cat "$judges/made-from" 2>/dev/null)" = "$(judges_stamp)" ]
}

ensure_judges() {
    judges_are_ready && return
    rm -rf "$judges"
    mkdir -p "$judges"
    say "Fetching the judges of PDFs and workbooks (veraPDF, DSS, POI), and a server of storage (S3Proxy), with Maven (100 MB)"
    if ! copy_jars "$judges/jars"; then
        tail -n 12 "$judges/maven.log" >&2
        grep -Eqi 'could not transfer|unknown host|timed out|connection refused' "$judges/maven.log" ||
            die "Maven could not fetch the judges of PDFs and workbooks." "The reason is above, and in .judges/maven.log"
        echo "Maven cannot reach its registry (see .judges/maven.log)" >"$judges/absent"
        say "The judges of PDFs and workbooks cannot be had: Maven cannot reach its registry. The rest of the tests runs without."
        return
    fi
    [ "$(jars_with_hashes)" = "$(cat "$judges_sources/jars.lock")" ] ||
        die "The jars in .judges/jars are not those of tests/judges/jars.lock." \
            "After a wanted change of tests/judges/pom.xml: ./run lock judges. Otherwise somebody changed the jars."
    java -jar "$judges"/jars/ecj-*.jar -17 -proc:none -encoding UTF-8 -cp "$(jars_joined)" \
        -d "$judges/classes" "$judges_sources/java" >&2 ||
        die "The judges' Java programs did not compile." "They need Java 17 or newer; java -version says which this is."
    judges_stamp >"$judges/made-from"
}

# copy_jars FOLDER: everything that the pom names, from wherever Maven's own settings say.
copy_jars() (
    give_java_certificates
    # The time limits (two sets: Maven 3.8 and 3.9 differ) keep a silent network from holding up the tests.
    limited_to_five_minutes mvn --batch-mode -f "$judges_sources/pom.xml" \
        -Dmaven.wagon.http.connectionTimeout=10000 -Dmaven.wagon.rto=30000 \
        -Daether.connector.connectTimeout=10000 -Daether.connector.requestTimeout=30000 \
        dependency:copy-dependencies -DoutputDirectory="$1" </dev/null >"$judges/maven.log" 2>&1
)

limited_to_five_minutes() {
    if command -v timeout >/dev/null; then timeout 300 "$@"; else "$@"; fi
}

# A Java that was unpacked, not installed, has no list of trusted certificates: make it one from the system's.
give_java_certificates() {
    case $(command -v java) in
        "$local_root"/*) ;;
        *) return 0 ;;
    esac
    "$venv/bin/python" "$here/tools/truststore.py" "$judges/truststore" ||
        die "No list of trusted certificates could be made for Java." "SSL_CERT_FILE can name one (PEM)."
    # Not MAVEN_OPTS: Maven's start script would split the path at its spaces.
    export JDK_JAVA_OPTIONS="${JDK_JAVA_OPTIONS:-} \"-Djavax.net.ssl.trustStore=$judges/truststore\" \
-Djavax.net.ssl.trustStoreType=PKCS12 -Djavax.net.ssl.trustStorePassword=changeit"
}

jars_with_hashes() (
    cd "$judges/jars" && sha256sum -- * | LC_ALL=C sort -k 2
)

jars_joined() {
    printf '%s:' "$judges"/jars/*.jar
}

npm_judges_stamp() {
    cksum "$judges_sources"/node/* "$here/tools/judges.sh"
}

npm_judges_are_ready() {
    [ "$(cat "$npm_judges/made-from" 2>/dev/null)" = "$(npm_judges_stamp)" ]
}

# After ensure_judges, which begins with an empty folder.
ensure_npm_judges() {
    npm_judges_are_ready && return
    rm -rf "$npm_judges"
    mkdir -p "$npm_judges"
    say "Fetching the judges of the API and of workbooks with npm (60 MB)"
    cp "$judges_sources"/node/* "$npm_judges/"
    if ! fetch_npm_judges; then
        tail -n 12 "$npm_judges/npm.log" >&2
        grep -Eq 'ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONNREFUSED|ECONNRESET|ENETUNREACH|EHOSTUNREACH' "$npm_judges/npm.log" ||
            die "npm could not fetch the judges of the API and of workbooks." "The reason is above, and in .judges/npm/npm.log"
        echo "npm cannot reach its registry (see .judges/npm/npm.log)" >"$npm_judges/absent"
        say "The judges of the API (Redocly) and of workbooks (Open XML SDK) cannot be had: npm cannot reach its registry. The rest of the tests runs without."
        return
    fi
    npm_judges_stamp >"$npm_judges/made-from"
}

# Nothing of what is fetched is run while it is installed; npm compares every package with the hash in the lock.
fetch_npm_judges() (
    cd "$npm_judges" && PATH="$venv/bin:$PATH" limited_to_five_minutes npm ci --ignore-scripts --no-audit --no-fund \
        --fetch-retries=1 --fetch-timeout=30000 </dev/null >"$npm_judges/npm.log" 2>&1
)
