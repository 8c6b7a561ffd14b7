# cmake -D IN=openapi.json -D OUT=openapi_document.cpp -P embed_openapi.cmake: the text of a file as
# a C++ source.
file(READ ${IN} text)
file(WRITE ${OUT} "// Made of docs/openapi.json by the build.
#include \"server/openapi_document.hpp\"

namespace verso::server {

std::string_view openapi_document() noexcept {
    return R\"openapi_json(${text})openapi_json\";
}

}  // namespace verso::server
")
