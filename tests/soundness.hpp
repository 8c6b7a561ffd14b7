// That nothing is wrong with a store.
#pragma once

#include <verso/maintenance.hpp>

#include <catch2/catch.hpp>

namespace verso {

/// REQUIREs that verify finds nothing; what it finds is told.
inline void check_is_sound(const Store& store) {
    const VerifyReport report = verify(store).value();
    for (const Damage& each : report.findings) UNSCOPED_INFO(each.where << ": " << each.message);
    REQUIRE(report.is_clean());
}

}  // namespace verso
