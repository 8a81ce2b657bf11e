#!/bin/sh
# Compiles the Java job (examples/java) and has the program as a service answer it. The binary is $TIDEWAITER, else the one last
# built. Needs javac 17 and Debian's packages of gRPC for Java, named below; without them it says so and is left out. Users build
# the job with the newer versions of its pom.xml. Last line: `N passed, N failed`.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
binary=${TIDEWAITER:-${CARGO_TARGET_DIR:-$root/target}/debug/tidewaiter}
[ -x "$binary" ] || { echo "no binary: build one, or set TIDEWAITER" >&2; exit 2; }

jars=/usr/share/java
names='grpc-api grpc-context grpc-core grpc-netty grpc-protobuf grpc-protobuf-lite grpc-stub protobuf protobuf-util
    proto-google-common-protos guava gson netty-buffer netty-codec netty-codec-http netty-codec-http2 netty-common netty-handler
    netty-resolver netty-transport opencensus-api perfmark-api geronimo-annotation-1.3-spec'
path=
missing=
for name in $names; do
    [ -e "$jars/$name.jar" ] || missing="$missing $name.jar"
    path=$path:$jars/$name.jar
done
for tool in javac protoc grpc_java_plugin; do
    command -v "$tool" >/dev/null || missing="$missing $tool"
done
if [ -n "$missing" ]; then
    echo "tests/java left out: these are not here:$missing (apt-get install openjdk-17-jdk-headless protobuf-compiler" \
        "protobuf-compiler-grpc-java-plugin libgrpc-java libprotobuf-java libgoogle-common-protos-java libperfmark-java" \
        "libnetty-java libguava-java libgoogle-gson-java libgeronimo-annotation-1.3-spec-java)"
    exit 0
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/generated" "$work/classes"
protoc -I"$root/proto" --plugin=protoc-gen-grpc-java="$(command -v grpc_java_plugin)" --java_out="$work/generated" \
    --grpc-java_out="$work/generated" "$root"/proto/tidewaiter/v1/*.proto
find "$work/generated" "$root/examples/java/src" -name '*.java' >"$work/sources"
javac -nowarn -proc:none --release 17 -cp "$path" -d "$work/classes" "@$work/sources"
python3 "$root/tests/java/check.py" "$binary" "$work/classes$path"
