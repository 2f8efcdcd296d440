using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;
using TrafficFlow.Core.Custody;
using TrafficFlow.Vault.Registers;

namespace TrafficFlow.Vault.Approvals;

/// <summary>What may need two persons.</summary>
public enum ApprovalKind
{
    /// <summary>Pictures leave the node.</summary>
    Export = 0,

    /// <summary>Pictures are destroyed.</summary>
    Erase = 1,
}

/// <param name="Policy">For what two persons are needed.</param>
/// <param name="OpenFor">A request that nobody has answered lapses then.</param>
/// <param name="ValidFor">An approval that is not used lapses then.</param>
public sealed record ApprovalRules(TwoPersonRule Policy, TimeSpan OpenFor, TimeSpan ValidFor)
{
    public static readonly ApprovalRules Default = new(TwoPersonRule.Off, TimeSpan.FromDays(7), TimeSpan.FromHours(24));

    public bool Covers(ApprovalKind kind) => Policy.HasFlag(kind == ApprovalKind.Export ? TwoPersonRule.Export : TwoPersonRule.Erase);
}

public enum ApprovalState
{
    Requested,
    Approved,
    Refused,
    Withdrawn,

    /// <summary>Nobody has answered it, or used it, in time.</summary>
    Lapsed,
    Used,
}

/// <summary>One request, and what has become of it.</summary>
/// <param name="Id">r1, r2 …</param>
/// <param name="Description">Exactly what is to be done, as the program that does it writes it: the same text means the same deed.</param>
/// <param name="Sha256">Of the description in UTF-8, hexadecimal.</param>
/// <param name="Person">Whose account asked; null for an account of nobody in the register of persons.</param>
/// <param name="AnsweredBy">Who approved, refused or withdrew it.</param>
/// <param name="Outcome">How the deed ended, where it was told.</param>
public sealed record Approval(string Id, ApprovalKind Kind, string Description, string Sha256, RegisterAuthor By, string? Person, DateTimeOffset RequestedAt, DateTimeOffset OpenUntil)
{
    public ApprovalState State { get; init; }

    public RegisterAuthor? AnsweredBy { get; init; }

    public string? AnsweredByPerson { get; init; }

    public DateTimeOffset? AnsweredAt { get; init; }

    /// <summary>Of a refusal or a withdrawal.</summary>
    public string? Reason { get; init; }

    public DateTimeOffset? ValidUntil { get; init; }

    public DateTimeOffset? UsedAt { get; init; }

    public string? Outcome { get; init; }

    /// <summary>As a page shows it: a time that has run out counts at once, entered or not.</summary>
    public ApprovalState StateAt(DateTimeOffset now) =>
        (State == ApprovalState.Requested && now >= OpenUntil) || (State == ApprovalState.Approved && now >= ValidUntil) ? ApprovalState.Lapsed : State;

    public static string HashOf(string description) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(description)));
}

/// <summary>What the register of approvals holds.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(ApprovalRequested), "requested")]
[JsonDerivedType(typeof(ApprovalGiven), "approved")]
[JsonDerivedType(typeof(ApprovalRefused), "refused")]
[JsonDerivedType(typeof(ApprovalWithdrawn), "withdrawn")]
[JsonDerivedType(typeof(ApprovalLapsed), "lapsed")]
[JsonDerivedType(typeof(ApprovalUsed), "used")]
[JsonDerivedType(typeof(ApprovedDeedEnded), "deed-ended")]
[JsonDerivedType(typeof(ApprovalReturned), "returned")]
public abstract record ApprovalEvent(string Id);

public sealed record ApprovalRequested(string Id, ApprovalKind Deed, string Description, string Sha256, string? Person, DateTimeOffset OpenUntil) : ApprovalEvent(Id);

/// <param name="Sha256">Of what was approved, so that the entry says it by itself.</param>
public sealed record ApprovalGiven(string Id, string Sha256, string? Person, DateTimeOffset ValidUntil) : ApprovalEvent(Id);

public sealed record ApprovalRefused(string Id, string Reason, string? Person) : ApprovalEvent(Id);

public sealed record ApprovalWithdrawn(string Id, string Reason) : ApprovalEvent(Id);

/// <summary>Entered, so that a clock that is set back does not bring it to life again.</summary>
public sealed record ApprovalLapsed(string Id) : ApprovalEvent(Id);

/// <summary>Entered before the deed begins: it is used up whatever comes of that, unless it is known that nothing did (<see cref="ApprovalReturned"/>).</summary>
public sealed record ApprovalUsed(string Id, string Sha256) : ApprovalEvent(Id);

public sealed record ApprovedDeedEnded(string Id, string Outcome) : ApprovalEvent(Id);

/// <summary>Nothing was done with it, and it is known that nothing was: it is good once more, until its own end.</summary>
public sealed record ApprovalReturned(string Id, string Why) : ApprovalEvent(Id);
