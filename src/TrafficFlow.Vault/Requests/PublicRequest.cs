using System.Collections.Immutable;
using System.Text.Json.Serialization;
using TrafficFlow.Vault.Registers;

namespace TrafficFlow.Vault.Requests;

/// <summary>What somebody of the public asks for.</summary>
public enum RequestKind
{
    /// <summary>開示</summary>
    Disclosure = 0,

    /// <summary>消去</summary>
    Erasure = 1,

    /// <summary>利用停止</summary>
    StopOfUse = 2,

    /// <summary>利用目的の通知</summary>
    Purpose = 3,

    /// <summary>訂正</summary>
    Correction = 4,

    /// <summary>苦情</summary>
    Complaint = 5,
}

public enum RequestState
{
    Received,
    InProgress,
    Answered,
    Closed,
}

/// <summary>How a request was answered.</summary>
public enum RequestOutcome
{
    Granted,
    PartlyGranted,
    Refused,

    /// <summary>Nothing was recorded then and there, or it is erased already.</summary>
    NothingHeld,

    /// <summary>By whoever asked.</summary>
    Withdrawn,
}

/// <summary>Where and when: what is asked about.</summary>
/// <param name="Cameras">Empty for all of the site.</param>
/// <param name="From">Null where the request names no time.</param>
/// <param name="To">Not included.</param>
public sealed record RequestedSpan(string Site, ImmutableArray<string> Cameras, DateTimeOffset? From, DateTimeOffset? To);

/// <summary>Something that was found or done.</summary>
public sealed record RequestNote(DateTimeOffset At, RegisterAuthor By, string Text);

/// <summary>One request, as the register has it: nothing in it says who asked.</summary>
/// <param name="Id">q1, q2 …; the requester is told it.</param>
/// <param name="ReceivedOn">By the site's calendar.</param>
/// <param name="Due">The last day for an answer.</param>
/// <param name="Subject">In the words of whoever entered it, without names.</param>
public sealed record PublicRequest(string Id, RequestKind Kind, DateOnly ReceivedOn, DateOnly Due, RequestedSpan Span, string Subject, RegisterAuthor EnteredBy, DateTimeOffset EnteredAt)
{
    public RequestState State { get; init; }

    /// <summary>Account of whoever handles it; null while nobody does.</summary>
    public string? Handler { get; init; }

    public ImmutableArray<RequestNote> Notes { get; init; } = [];

    public RequestOutcome? Outcome { get; init; }

    /// <summary>Why it was not granted, or in part; empty for none.</summary>
    public string Refusal { get; init; } = "";

    public DateTimeOffset? AnsweredAt { get; init; }

    public DateTimeOffset? ClosedAt { get; init; }

    /// <summary>Ids of receipts of erasures that were made for it.</summary>
    public ImmutableArray<string> Receipts { get; init; } = [];

    /// <summary>What the last erasure did not reach, be it that it failed; null where it reached all, or there was none.</summary>
    public string? Left { get; init; }

    /// <summary>When the name and the address of the requester were deleted; null while they are kept, or there were none.</summary>
    public DateTimeOffset? ContactDeletedAt { get; init; }

    public bool HasContact { get; init; }

    public bool IsOpen => State is RequestState.Received or RequestState.InProgress;
}

/// <summary>What the register of requests holds.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(RequestReceived), "received")]
[JsonDerivedType(typeof(RequestAssigned), "assigned")]
[JsonDerivedType(typeof(RequestNoted), "noted")]
[JsonDerivedType(typeof(RequestExtended), "extended")]
[JsonDerivedType(typeof(RequestErased), "erased")]
[JsonDerivedType(typeof(RequestErasureTried), "erasure-tried")]
[JsonDerivedType(typeof(RequestAnswered), "answered")]
[JsonDerivedType(typeof(RequestClosed), "closed")]
[JsonDerivedType(typeof(RequestReopened), "reopened")]
[JsonDerivedType(typeof(ContactDeleted), "contact-deleted")]
public abstract record RequestEvent(string Id);

public sealed record RequestReceived(string Id, RequestKind Asked, DateOnly ReceivedOn, DateOnly Due, RequestedSpan Span, string Subject, bool HasContact) : RequestEvent(Id);

public sealed record RequestAssigned(string Id, string Handler) : RequestEvent(Id);

public sealed record RequestNoted(string Id, string Text) : RequestEvent(Id);

public sealed record RequestExtended(string Id, DateOnly Due, string Reason) : RequestEvent(Id);

/// <param name="Receipt">Id of the erasure's receipt.</param>
/// <param name="Left">What was not erased, or not looked at; null where all was.</param>
public sealed record RequestErased(string Id, string Receipt, string What, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Left = null) : RequestEvent(Id);

/// <summary>An erasure was tried for it and erased nothing: there is no receipt.</summary>
/// <param name="Left">What was not erased, or not looked at; null where all was looked at, and nothing is there.</param>
public sealed record RequestErasureTried(string Id, string What, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Left = null) : RequestEvent(Id);

/// <param name="Text">What was found and done, as the requester is told it.</param>
/// <param name="Refusal">Why it is not granted, or in part, for the requester; null for none.</param>
public sealed record RequestAnswered(string Id, RequestOutcome Outcome, string Text, string? Refusal = null) : RequestEvent(Id);

public sealed record RequestClosed(string Id, string Note) : RequestEvent(Id);

public sealed record RequestReopened(string Id, string Reason, DateOnly Due) : RequestEvent(Id);

public sealed record ContactDeleted(string Id) : RequestEvent(Id);
