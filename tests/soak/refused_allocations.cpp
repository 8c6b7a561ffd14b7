#include "soak/refused_allocations.hpp"

#include <cerrno>
#include <cstdlib>
#include <new>

namespace verso::soak {

constinit thread_local std::uint64_t refused_allocation = 0;
constinit std::atomic<std::uint64_t> refused_one_in = 0;
constinit thread_local bool is_spared = false;

namespace {

constinit std::atomic<std::uint64_t> allocations = 0;

bool is_next_refused() noexcept {
    if (refused_allocation > 0 && --refused_allocation == 0) return true;
    const std::uint64_t one_in = refused_one_in.load(std::memory_order_relaxed);
    if (one_in == 0 || is_spared) return false;
    const std::uint64_t mixed = allocations.fetch_add(1) * 0x9E37'79B9'7F4A'7C15;
    return (mixed >> 33U) % one_in == 0;
}

bool is_refused() noexcept {
    if (!is_next_refused()) return false;
    errno = ENOMEM;
    return true;
}

}  // namespace

}  // namespace verso::soak

using verso::soak::is_refused;

#ifdef VERSO_SANITIZED

void* operator new(std::size_t size) {
    void* const memory = is_refused() ? nullptr : std::malloc(size);
    if (memory == nullptr) throw std::bad_alloc();
    return memory;
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

#else

extern "C" {

void* __libc_malloc(std::size_t size);                     // NOLINT
void* __libc_calloc(std::size_t count, std::size_t size);  // NOLINT
void* __libc_realloc(void* memory, std::size_t size);      // NOLINT

void* malloc(std::size_t size) { return is_refused() ? nullptr : __libc_malloc(size); }
void* calloc(std::size_t count, std::size_t size) {
    return is_refused() ? nullptr : __libc_calloc(count, size);
}
void* realloc(void* memory, std::size_t size) {
    return is_refused() ? nullptr : __libc_realloc(memory, size);
}

}  // extern "C"

#endif
