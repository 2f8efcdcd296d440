using System.Text.Json.Serialization;
using TrafficFlow.Core.Custody;

namespace TrafficFlow.Vault.Persons;

/// <summary>What the register of persons holds.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(PersonAppointed), "appointed")]
[JsonDerivedType(typeof(PersonDismissed), "dismissed")]
[JsonDerivedType(typeof(DismissalWithdrawn), "dismissal-withdrawn")]
[JsonDerivedType(typeof(DismissalTookEffect), "dismissal-took-effect")]
public abstract record PersonEvent;

public sealed record PersonAppointed(string Id, string Person, string? Account, Duty Duty, DateTimeOffset From) : PersonEvent;

/// <param name="Effective">At the time of the entry or later.</param>
public sealed record PersonDismissed(string Id, DateTimeOffset Effective, string Reason) : PersonEvent;

/// <summary>Before its day came.</summary>
public sealed record DismissalWithdrawn(string Id, string Reason) : PersonEvent;

/// <param name="Account">What became of the account: disabled, role custodian taken, none.</param>
public sealed record DismissalTookEffect(string Id, string Account) : PersonEvent;
