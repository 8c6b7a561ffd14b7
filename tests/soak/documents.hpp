// The resources that the soak programs put.
#pragma once

#include <verso/domain/document.hpp>

#include <cstdint>
#include <string_view>

namespace verso::soak {

[[nodiscard]] Document parameter(std::string_view name, std::string_view description);
/// The one named `action<number>`.
[[nodiscard]] Document action(std::uint64_t number, std::string_view description);

}  // namespace verso::soak
