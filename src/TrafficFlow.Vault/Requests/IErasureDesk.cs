using System.Collections.Immutable;
using TrafficFlow.Vault.Registers;

namespace TrafficFlow.Vault.Requests;

/// <summary>A stretch of one camera's recording, of which nothing is shown but that it is there.</summary>
/// <param name="To">Not included.</param>
/// <param name="HeldBecause">Of a legal hold that keeps it from erasure; null for none.</param>
public sealed record RecordedSegment(string Camera, DateTimeOffset From, DateTimeOffset To, DateTimeOffset? KeptUntil, string? HeldBecause);

/// <summary>Which recordings there are, without a picture of them.</summary>
public interface IRecordedSegments
{
    /// <param name="cameras">Empty for all of the site.</param>
    /// <returns>Those that overlap the span, by camera and time.</returns>
    Task<IReadOnlyList<RecordedSegment>> OverlappingAsync(string site, ImmutableArray<string> cameras, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation);
}

/// <summary>What is to be erased for a request.</summary>
/// <param name="Request">Its id: it stands in the receipt.</param>
/// <param name="Cameras">Empty for all of the site.</param>
/// <param name="To">Not included.</param>
public sealed record ErasureOrder(string Request, string Site, ImmutableArray<string> Cameras, DateTimeOffset From, DateTimeOffset To)
{
    /// <summary>The same text for the same deed: what a second person approves.</summary>
    public string Describe() => $"erase recordings of site {Site}, {(Cameras.IsEmpty ? "all cameras" : $"cameras {string.Join(", ", Cameras.Order(StringComparer.Ordinal))}")}, from {From.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'} to {To.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}, for request {Request}";
}

/// <param name="ReceiptId">Null where nothing was erased.</param>
/// <param name="Message">What was done, or why not, for whoever asked for it.</param>
public sealed record ErasureAnswer(string? ReceiptId, string Message);

/// <summary>Erases recordings, and proves it by a receipt.</summary>
public interface IErasureDesk
{
    /// <summary>Asks the rule of two persons itself, with <see cref="ErasureOrder.Describe"/>.</summary>
    Task<ErasureAnswer> EraseAsync(ErasureOrder order, RegisterAuthor by, CancellationToken cancellation);
}
