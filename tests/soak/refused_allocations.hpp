// Memory that is refused on demand: a program that has refused_allocations.cpp in it allocates by
// these. Under a sanitizer, which allocates for itself, only operator new is refused.
#pragma once

#include <atomic>
#include <cstdint>

namespace verso::soak {

/// Which allocation of this thread is refused, counted from now; 0: none.
extern constinit thread_local std::uint64_t refused_allocation;

/// Of the allocations of all threads that are not spared one in so many is refused; 0: none.
extern constinit std::atomic<std::uint64_t> refused_one_in;
extern constinit thread_local bool is_spared;

}  // namespace verso::soak
