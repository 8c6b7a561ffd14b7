#include "storage/follow_links.hpp"

#include <system_error>

namespace verso::storage {

std::filesystem::path follow_links(const std::filesystem::path& path) {
    constexpr int most_links = 40;  // as Linux does
    std::filesystem::path place = path;
    std::error_code error;
    for (int links = 0; links < most_links; ++links) {
        const std::filesystem::path target = std::filesystem::read_symlink(place, error);
        if (error) return place;
        place = place.parent_path() / target;
    }
    return path;
}

}  // namespace verso::storage
