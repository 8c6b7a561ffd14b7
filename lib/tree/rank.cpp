#include "tree/rank.hpp"

#include "tree/sha256.hpp"

#include <bit>

namespace verso::tree {

unsigned Rank::operator()(BytesView key) const {
    const BytesView secret(reinterpret_cast<const char*>(secret_.data()), secret_.size());
    const Digest digest = sha256(secret, key);
    const auto number = load_le<std::uint64_t>(reinterpret_cast<const char*>(digest.bytes.data()));
    return static_cast<unsigned>(std::countr_zero(number)) / bits_per_level;
}

}  // namespace verso::tree
