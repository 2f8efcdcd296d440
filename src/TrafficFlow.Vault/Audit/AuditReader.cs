namespace TrafficFlow.Vault.Audit;

/// <summary>Which records are wanted; null for all.</summary>
/// <param name="From">At or after.</param>
/// <param name="To">Before.</param>
/// <param name="By">Name or account of whoever did it, or a part of it.</param>
/// <param name="Action">A part of what was done.</param>
public sealed record AuditFilter(DateTimeOffset? From = null, DateTimeOffset? To = null, string? By = null, AuditKind? Kind = null, string? Action = null)
{
    public bool Takes(AuditRecord record) =>
        (From is null || record.Time >= From) && (To is null || record.Time < To) && (Kind is null || record.Event.Kind == Kind)
        && (By is null || record.Event.By.Contains(By, StringComparison.OrdinalIgnoreCase) || record.Event.Account.Contains(By, StringComparison.OrdinalIgnoreCase))
        && (Action is null || record.Event.Action.Contains(Action, StringComparison.OrdinalIgnoreCase));
}

/// <summary>Reads an audit: of a node that runs, of one that does not, or a copy of its files. Changes nothing.</summary>
public static class AuditReader
{
    /// <summary>Whole records in the order in which they stand, one file at a time. Whether they are all and genuine, <see cref="Verify"/> tells.</summary>
    /// <exception cref="Files.VaultFileException">A file cannot be read.</exception>
    public static IEnumerable<AuditRecord> Read(AuditPlace place, AuditFilter filter)
    {
        foreach (var part in place.Logs())
        {
            foreach (var record in Read(part, filter)) yield return record;
        }
    }

    /// <summary>The newest ones, the last one first; files that are not needed for it are not read.</summary>
    /// <param name="before">Only records of a smaller number; null for all.</param>
    /// <param name="most">How many at most.</param>
    /// <exception cref="Files.VaultFileException">A file cannot be read.</exception>
    public static IReadOnlyList<AuditRecord> Newest(AuditPlace place, AuditFilter filter, long? before, int most)
    {
        var found = new List<AuditRecord>();
        foreach (var part in place.Logs().Reverse())
        {
            if (found.Count >= most) break;
            var newest = new Queue<AuditRecord>();
            foreach (var record in Read(part, filter).Where(r => before is null || r.Number < before))
            {
                newest.Enqueue(record);
                if (newest.Count > most - found.Count) newest.Dequeue();
            }

            found.AddRange(newest.Reverse());
        }

        return found;
    }

    /// <summary>Looks at all of it; a second time where something was found, lest a node that writes just then be taken for a fault.</summary>
    /// <param name="copies">Folders to which heads and checkpoints were copied.</param>
    /// <param name="keyFile">A copy of audit.pub that was kept elsewhere; null for the one beside the records.</param>
    /// <exception cref="Files.VaultFileException">A file cannot be read, or holds no public keys.</exception>
    public static AuditReport Verify(AuditPlace place, IReadOnlyCollection<string> copies, string? keyFile)
    {
        var report = VerifyOnce(place, copies, keyFile);
        return report.IsWhole ? report : VerifyOnce(place, copies, keyFile);
    }

    // Statements first: records that come meanwhile go on from them.
    private static AuditReport VerifyOnce(AuditPlace place, IReadOnlyCollection<string> copies, string? keyFile)
    {
        var keys = place.PublicKeys(keyFile);
        AuditPart[] statements = [.. place.Statements(keys, copies).Select(s => s.Read() is var content ? new AuditPart(s.Name, () => content) : s)];
        return AuditVerifier.Verify(place.Logs(), statements, keys);
    }

    private static IEnumerable<AuditRecord> Read(AuditPart part, AuditFilter filter)
    {
        var content = part.Read();
        for (var from = 0; from < content.Length;)
        {
            var length = content.AsSpan(from).IndexOf((byte)'\n');
            if (length < 0) length = content.Length - from;
            if (AuditRecord.Read(content.AsSpan(from, length), out _) is { } record && filter.Takes(record)) yield return record;
            from += length + 1;
        }
    }
}
