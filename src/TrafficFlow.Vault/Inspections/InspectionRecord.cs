using System.Collections.Immutable;
using System.Text.Json.Serialization;
using TrafficFlow.Core.Custody;
using TrafficFlow.Vault.Registers;

namespace TrafficFlow.Vault.Inspections;

public enum ItemResult
{
    Ok,
    NotOk,
    NotApplicable,
}

/// <param name="Finding">What was found; needed where it is not ok. Empty for nothing to say.</param>
public sealed record InspectedItem(InspectionItem Item, ItemResult Result, string Finding);

/// <summary>Something to be done because of what was found.</summary>
/// <param name="What">For whom it may concern.</param>
public sealed record FollowUpWanted(InspectionItem Item, string What, DateOnly Due);

/// <summary>What somebody enters.</summary>
/// <param name="On">When it was made.</param>
public sealed record InspectionEntry(string Site, InspectionKind Kind, DateTimeOffset On, ImmutableArray<InspectedItem> Items, string Note, ImmutableArray<FollowUpWanted> FollowUps)
{
    /// <summary>What the program found at that moment; never typed.</summary>
    public ImmutableArray<ProgramCheck> Checks { get; init; } = [];
}

/// <summary>An inspection as it is kept.</summary>
/// <param name="Id">i1, i2 …</param>
/// <param name="Person">Whose account entered it; null for an account of nobody.</param>
/// <param name="Entry">Hash of its entry in the register, for the printed record.</param>
/// <param name="Corrects">Id of the one that it stands in place of; null for none.</param>
public sealed record InspectionRecord(string Id, InspectionEntry What, RegisterAuthor By, string? Person, DateTimeOffset EnteredAt, string Entry, string Key, string? Corrects, string? Reason)
{
    /// <summary>Id of the one that stands in its place; null while it counts.</summary>
    public string? CorrectedBy { get; init; }

    public bool HasFindings => What.Items.Any(i => i.Result == ItemResult.NotOk);
}

/// <param name="Id">f1, f2 …</param>
/// <param name="Inspection">In which it was found.</param>
/// <param name="Done">What was done; null while it is open.</param>
public sealed record FollowUp(string Id, string Inspection, string Site, InspectionItem Item, string What, DateOnly Due, string? Done = null, RegisterAuthor? ClosedBy = null, DateTimeOffset? ClosedAt = null);

/// <summary>What the register of inspections holds.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(InspectionMade), "made")]
[JsonDerivedType(typeof(FollowUpClosed), "follow-up-closed")]
[JsonDerivedType(typeof(FollowUpMoved), "follow-up-moved")]
public abstract record InspectionEvent;

/// <param name="Corrects">Id of the one that it stands in place of.</param>
/// <param name="Reason">Of a correction.</param>
public sealed record InspectionMade(string Id, InspectionEntry What, string? Person, string? Corrects = null, string? Reason = null) : InspectionEvent;

public sealed record FollowUpClosed(string Id, string Done) : InspectionEvent;

public sealed record FollowUpMoved(string Id, DateOnly Due, string Reason) : InspectionEvent;
