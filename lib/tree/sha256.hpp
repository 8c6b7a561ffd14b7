// SHA-256 by OpenSSL's EVP interface: the algorithm is fetched once and the context reused, which
// on small input is three times as fast as the one-shot call.
#pragma once

#include <verso/domain/digest.hpp>

#include "domain/bytes.hpp"

#include <memory>

namespace verso::tree {

/// The digest of what comes in pieces: start(), add() of each, finish(). Thread safety: movable.
class Sha256 {
public:
    Sha256();
    Sha256(Sha256&&) noexcept;
    Sha256& operator=(Sha256&&) noexcept;
    ~Sha256();

    void start();
    void add(BytesView bytes);
    [[nodiscard]] Digest finish();

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// The digest of the concatenation of `a` and `b`, by a hasher that the calling thread keeps.
[[nodiscard]] Digest sha256(BytesView a, BytesView b = {});

}  // namespace verso::tree
