#include "engine/bundle/bundle_writer.hpp"

#include "domain/failure.hpp"

namespace verso::engine::bundle {

void BundleWriter::finish() {
    flush();
    append_end(pending_, lines_, sha256_.finish());
    send();
}

void BundleWriter::flush() {
    sha256_.add(pending_);
    send();
}

void BundleWriter::send() {
    must(sink_(pending_));
    bytes_ += pending_.size();
    pending_.clear();
}

}  // namespace verso::engine::bundle
