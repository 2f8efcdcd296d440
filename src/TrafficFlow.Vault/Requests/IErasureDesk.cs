using System.Collections.Immutable;
using TrafficFlow.Vault.Registers;
using TrafficFlow.Wire.Authorization;

namespace TrafficFlow.Vault.Requests;

/// <summary>A stretch of one camera's recording, of which nothing is shown but that it is there.</summary>
/// <param name="To">Not included.</param>
/// <param name="HeldBecause">Of a legal hold that keeps it from erasure; null for none.</param>
/// <param name="Where">The node whose vault has it, HOST:PORT; empty for this one.</param>
public sealed record RecordedSegment(string Camera, DateTimeOffset From, DateTimeOffset To, DateTimeOffset? KeptUntil, string? HeldBecause, string Where = "");

/// <summary>Where recordings may be that nobody has looked at.</summary>
/// <param name="Where">A node, HOST:PORT; empty where no node is known.</param>
/// <param name="Why">It was not looked at; a sentence without its end.</param>
/// <param name="Cameras">Of it; empty where they are not known.</param>
public sealed record UnseenRecordings(string Where, string Why, ImmutableArray<string> Cameras);

/// <summary>What there is of a time, and where nobody could look: nothing found means nothing only where all were looked at.</summary>
public sealed record FoundRecordings(ImmutableArray<RecordedSegment> Segments, ImmutableArray<UnseenRecordings> Unseen);

/// <summary>Which recordings there are, without a picture of them: at this node, and at all others of the site.</summary>
public interface IRecordedSegments
{
    /// <param name="cameras">Empty for all of the site.</param>
    /// <param name="by">Who looks.</param>
    /// <returns>Those that overlap the span, by camera and time.</returns>
    Task<FoundRecordings> OverlappingAsync(string site, ImmutableArray<string> cameras, DateTimeOffset from, DateTimeOffset to, Principal by, CancellationToken cancellation);
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

/// <param name="ReceiptId">Ids of all receipts; null where nothing was erased.</param>
/// <param name="Message">What was done, or why not, for whoever asked for it.</param>
/// <param name="Left">What was not erased, or not looked at; null where all was.</param>
/// <param name="IsBegun">False where nothing was looked at yet, as while another person's approval is waited for.</param>
public sealed record ErasureAnswer(string? ReceiptId, string Message, string? Left = null, bool IsBegun = true);

/// <summary>Erases recordings, wherever in the cluster they are, and proves it by receipts.</summary>
public interface IErasureDesk
{
    /// <summary>Asks the rule of two persons itself, with <see cref="ErasureOrder.Describe"/>.</summary>
    Task<ErasureAnswer> EraseAsync(ErasureOrder order, RegisterAuthor by, CancellationToken cancellation);
}
