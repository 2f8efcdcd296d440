using System.Collections.Immutable;
using TrafficFlow.Wire.Authorization;
using TrafficFlow.Wire.Serialization;

namespace TrafficFlow.Wire.Audit;

// --- To /user/audit ---

/// <summary>Answered with <see cref="AuditRecorded"/> once it survives a crash.</summary>
/// <param name="Command">Its words.</param>
/// <param name="Target">What it was for: a site, or this node.</param>
public sealed record RecordCommand(Principal Principal, string Command, string Target);

/// <summary>How a recorded command ended. Not answered.</summary>
public sealed record RecordOutcome(long Number, string Outcome);

/// <summary>Answered with <see cref="AuditEntries"/>: the last ones, the newest first.</summary>
public sealed record GetAudit(int Most);

/// <param name="Number">Of the record, for its outcome.</param>
public sealed record AuditRecorded(long Number);

public sealed record AuditEntries(ImmutableArray<AuditEntry> Entries, AuditSettings Retention);

/// <param name="Outcome">Null where the node ended before the command did.</param>
public sealed record AuditEntry(long Number, CommandStarted Started, string? Outcome);

// --- Events ---

/// <summary>A command was about to be carried out. Its number is that of its row in the journal.</summary>
public sealed record CommandStarted(DateTimeOffset Time, Principal Principal, string Command, string Target) : IWireMessage;

/// <param name="Number">Of the command's <see cref="CommandStarted"/>.</param>
/// <param name="Outcome">done, or why not.</param>
public sealed record CommandEnded(DateTimeOffset Time, long Number, string Outcome) : IWireMessage;
