using System.Collections.Immutable;
using TrafficFlow.Core.Sites;
using TrafficFlow.Wire.Recordings;

namespace TrafficFlow.Web.Pages.Recordings;

/// <summary>Recordings of this node and of the others of its cluster. They stay where they are.</summary>
public interface IRecordings
{
    /// <summary>Which nodes have, or should have, recordings.</summary>
    /// <param name="site">Only those of it; null for all.</param>
    /// <exception cref="OperationCanceledException">Nobody waits any more.</exception>
    Task<RecordingPlaces> PlacesAsync(SiteId? site, CancellationToken cancellation);

    /// <summary>Asks one of them. Each has a time to answer.</summary>
    /// <param name="place">HOST:PORT, as <see cref="RecordingPlace.Node"/> says it.</param>
    /// <exception cref="OperationCanceledException">Nobody waits any more.</exception>
    Task<PlaceAnswer<T>> AskAsync<T>(string place, IRecordingsQuestion question, CancellationToken cancellation)
        where T : class;
}

/// <param name="Problem">Why there may be others; null where these are all.</param>
public sealed record RecordingPlaces(ImmutableArray<RecordingPlace> All, string? Problem);

/// <param name="Node">HOST:PORT.</param>
/// <param name="IsHere">This very node.</param>
/// <param name="IsMember">It is in the cluster now.</param>
/// <param name="LastHeard">Of its health; null where it never was.</param>
/// <param name="Cameras">Of the site, or of all, that it reported; it may have recordings of others from before.</param>
public sealed record RecordingPlace(string Node, bool IsHere, bool IsMember, DateTimeOffset? LastHeard, ImmutableArray<CameraId> Cameras);

/// <summary>What one node said: one of the three is not null.</summary>
/// <param name="Silence">Why there is no answer.</param>
public sealed record PlaceAnswer<T>(T? Answer, RecordingsRefused? Refused, string? Silence)
    where T : class
{
    /// <summary>It was never asked, and does nothing: without this, one that is silent may still do what it was told.</summary>
    public bool IsUnasked { get; init; }

    /// <summary>Why nothing was done of what was ordered, where that is certain; null where something may have been.</summary>
    public string? Undone => IsUnasked || Refused is { IsUndone: true } ? Why : Answer is VaultOrdered { IsUndone: true } ordered ? string.Join("; ", ordered.Lines) : null;

    /// <summary>Why it did not do as it was asked; null where it did.</summary>
    public string? Why => Answer is null ? Refused?.Reason ?? Silence : null;
}
