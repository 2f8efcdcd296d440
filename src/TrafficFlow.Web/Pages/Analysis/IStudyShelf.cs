using TrafficFlow.Analysis.Studies;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Web.Pages.Analysis;

/// <summary>A study that is kept.</summary>
/// <param name="Id">Within the site; letters, digits, `-`, `_` and `.`, so that it stands in an address as it is.</param>
public sealed record ListedStudy(string Id, Interval Span, DateTimeOffset MadeAt);

/// <summary>Port for the studies that were made of sites: where they are kept, it knows. Thread-safe.</summary>
public interface IStudyShelf
{
    /// <summary>The newest first: that which was made last.</summary>
    /// <exception cref="IOException">They cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The same.</exception>
    Task<IReadOnlyList<ListedStudy>> ListAsync(SiteId site, CancellationToken cancellation);

    /// <returns>Null where there is none of this name, or no more.</returns>
    /// <exception cref="InvalidDataException">Its file is cut, was changed by hand, or is of a newer version; the message says what to do.</exception>
    /// <inheritdoc cref="ListAsync" path="/exception"/>
    Task<JunctionStudy?> ReadAsync(SiteId site, string id, CancellationToken cancellation);

    /// <summary>Its JSON as it is kept, for programs.</summary>
    /// <returns>Null where there is none of this name, or no more.</returns>
    /// <inheritdoc cref="ListAsync" path="/exception"/>
    Task<Stream?> OpenAsync(SiteId site, string id, CancellationToken cancellation);
}
