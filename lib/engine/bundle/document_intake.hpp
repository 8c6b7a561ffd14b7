// The documents of a bundle on their way into the store. Each is stored as it comes, unless the
// store has it; who holds it is counted meanwhile, and written at the end, in the order of the
// index. What nobody holds then is taken away again.
#pragma once

#include "engine/bundle/lines.hpp"
#include "engine/writer.hpp"

#include <cstring>
#include <unordered_map>

namespace verso::engine::bundle {

struct DigestHash {
    std::size_t operator()(const Digest& digest) const noexcept {
        std::size_t hash;
        std::memcpy(&hash, digest.bytes.data(), sizeof hash);
        return hash;
    }
};

/// Fails with bundle_invalid where the digest is another's, or it is no compact object.
void check_document(const DocumentLine& document, const DocumentLimits& limits);
/// Fails with limit_exceeded where an import stores more than `max_bytes`; 0: any.
void check_stored_bytes(std::uint64_t bytes, std::uint64_t max_bytes);

/// Thread safety: bound. Failures are thrown.
class DocumentIntake {
public:
    struct Held {
        PayloadRecord record;    ///< with what is held now
        bool is_new = false;     ///< the store lacked it
        bool is_stored = false;  ///< by this intake
        bool is_held = false;    ///< by what is imported
    };

    /// `max_bytes`: of what is stored; 0: any.
    DocumentIntake(const Writer::Parts& parts, const Uuid& scope, std::uint64_t max_bytes)
        : parts_(parts), scope_(scope), max_bytes_(max_bytes) {}

    /// Failures: bundle_invalid (check_document(), or it stands twice), limit_exceeded.
    void add(const DocumentLine& document);
    /// The same of one that a DocumentStage has checked and keeps.
    void add_staged(const Digest& digest);
    /// A document that stood in the bundle or, with `or_stored`, is in the store. Fails with
    /// bundle_invalid.
    [[nodiscard]] Held& find(const Digest& digest, bool or_stored);
    /// Writes the index. Once only.
    void finish();

    [[nodiscard]] std::uint64_t stored() const noexcept { return stored_; }
    [[nodiscard]] std::uint64_t present() const noexcept { return present_; }

private:
    [[nodiscard]] Held& hold(const Digest& digest);
    [[nodiscard]] std::optional<PayloadRecord> find_stored(const Digest& digest);
    void drop(const PayloadRecord& record);

    Writer::Parts parts_;
    Uuid scope_;
    std::uint64_t max_bytes_;
    std::uint64_t bytes_ = 0;
    std::uint64_t stored_ = 0;
    std::uint64_t present_ = 0;
    std::unordered_map<Digest, Held, DigestHash> held_;
};

}  // namespace verso::engine::bundle
