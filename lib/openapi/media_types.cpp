#include "openapi/media_types.hpp"

namespace verso::openapi {

std::string bare_media_type(std::string_view written) {
    std::string bare(written.substr(0, written.find(';')));
    while (!bare.empty() && bare.back() == ' ') bare.pop_back();
    for (char& c : bare)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return bare;
}

}  // namespace verso::openapi
