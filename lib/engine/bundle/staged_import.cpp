#include "engine/bundle/staged_import.hpp"

#include "engine/bundle/member_reader.hpp"

#include <utility>

namespace verso::engine::bundle {

namespace {

constexpr std::size_t block_bytes = std::size_t{1} << 20;

/// The end of what is kept of a document's line.
constexpr std::string_view kept_end = "\"}";

}  // namespace

StagedImport::StagedImport(StoreState& store, const BundleImportOptions& options)
    : store_(store),
      options_(options),
      documents_(store, options.organisation,
                 {options.slice_bytes, options.max_bytes, options.keep_unfinished},
                 "import of a bundle"),
      lines_(max_line_bytes(store.options().document), [this](BytesView line) { take(line); }) {}

void StagedImport::feed(BytesView bytes) {
    documents_.or_release([&] {
        lines_.feed(bytes);
        documents_.keep();
    });
}

void StagedImport::take(BytesView line) {
    if (kept_.empty() || kept_.back().size() > block_bytes) kept_.emplace_back();
    std::string& block = kept_.back();
    if (line.starts_with(document_prefix)) {
        documents_.add(read_document(line));
        block.append(line.substr(0, document_prefix.size() + digest_digits)).append(kept_end);
    } else {
        block.append(line);
    }
    block += '\n';
}

BundleImportReport StagedImport::finish() {
    BundleImportReport report;
    documents_.or_release([&] {
        lines_.finish();
        documents_.flush();
        store_.write([&](Writer& writer) {
            BundleImport import(writer, options_);
            replay(import);
            report = import.finish();
            documents_.release(writer);
        });
    });
    return report;
}

void StagedImport::replay(BundleImport& import) const {
    std::uint64_t number = 0;
    for (BytesView lines : kept_) {
        while (!lines.empty()) {
            const BytesView line = lines.substr(0, lines.find('\n'));
            lines.remove_prefix(line.size() + 1);
            ++number;
            try {
                if (line.starts_with(document_prefix))
                    import.take_staged(
                        *parse_digest(line.substr(document_prefix.size(), digest_digits)));
                else
                    import.take(line);
            } catch (const Failure& failure) {
                fail_at_line(number, failure.error);
            }
        }
    }
}

}  // namespace verso::engine::bundle
