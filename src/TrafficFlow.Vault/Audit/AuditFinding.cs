namespace TrafficFlow.Vault.Audit;

public enum AuditFault
{
    /// <summary>The line of this record is not the one that was written.</summary>
    Altered,

    /// <summary>Records are missing between others.</summary>
    Dropped,

    /// <summary>Records at the end are missing: a truncation or a roll-back.</summary>
    Truncated,

    /// <summary>A line that no record was written for.</summary>
    Inserted,

    /// <summary>A genuine record that stands elsewhere than it was written.</summary>
    Moved,

    /// <summary>Two signed statements, or a signed one and the records behind it, tell different stories.</summary>
    Rewritten,

    /// <summary>A signed statement that is damaged, forged or of an unknown key.</summary>
    BadStatement,

    /// <summary>Nothing signed says how far the records go.</summary>
    NoHead,
}

/// <summary>What a verification has found, and where.</summary>
/// <param name="Record">Number of the record, or the first of them; null where it is about no record.</param>
/// <param name="Through">The last of them.</param>
/// <param name="File">In which the line is, or after which line something is missing; empty where in none.</param>
/// <param name="Line">From 1; 0 for none.</param>
/// <param name="What">What is wrong, for people.</param>
public sealed record AuditFinding(AuditFault Fault, long? Record, long? Through, string File, int Line, string What)
{
    public override string ToString()
    {
        var record = Record is null ? "" : Through > Record ? $"records {Record} to {Through}: " : $"record {Record}: ";
        var place = File.Length == 0 ? "" : Line == 0 ? $" ({File})" : $" ({File}, line {Line})";
        return $"{record}{What}{place}";
    }
}

/// <param name="Records">Genuine ones that are there.</param>
/// <param name="First">Number of the first record that should be there.</param>
/// <param name="Last">Number of the last one that was ever written, as far as it is known; 0 for none.</param>
/// <param name="Signed">Signed statements that hold.</param>
/// <param name="Keys">Ids of the keys that they are of.</param>
/// <param name="Notes">What is no fault, and should be known.</param>
public sealed record AuditReport(IReadOnlyList<AuditFinding> Findings, IReadOnlyList<string> Notes, long Records, long First, long Last, int Signed, IReadOnlyList<string> Keys)
{
    public bool IsWhole => Findings.Count == 0;
}

/// <summary>One file to look at.</summary>
/// <param name="Name">As findings name it.</param>
/// <param name="Read">Its content; asked for once, when its turn comes.</param>
public sealed record AuditPart(string Name, Func<byte[]> Read);
