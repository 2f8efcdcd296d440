using TrafficFlow.Vault.Audit;

namespace TrafficFlow.Node.Settings.Nodes;

/// <summary>Reads trafficflow.audit: how long the record of who did what is kept, and where copies of its checkpoints go.</summary>
internal static class AuditSection
{
    public static AuditOptions Read(SettingsReader? audit, string dataDirectory)
    {
        var usual = new AuditOptions();
        if (audit is null) return usual;
        var copy = audit.OptionalText("copy-to") is { } text && text is not ("off" or "false") ? Path.GetFullPath(Path.Combine(audit.Find("copy-to")!.Origin.Folder, text)) : null;
        if (copy is not null && dataDirectory.Length > 0 && $"{copy}/".StartsWith($"{dataDirectory}/", StringComparison.Ordinal))
            audit.Problem("copy-to", "lies in the data folder itself", "name a folder on another disk, which others than the node's account cannot roll back together with this one");
        var keep = audit.Has("keep") ? audit.Duration("keep", TimeSpan.FromDays(30), TimeSpan.FromDays(36_500)) : usual.Retention;
        var checkpoint = audit.Has("checkpoint-after") ? audit.Duration("checkpoint-after", TimeSpan.FromMinutes(1), TimeSpan.FromDays(7)) : usual.CheckpointAfter;
        var each = audit.OptionalWhole("checkpoint-each", 1, 1_000_000, "records") ?? usual.CheckpointEach;
        var megabytes = audit.OptionalWhole("max-megabytes", 1, 256, "megabytes");
        audit.RefuseUnknown();
        return usual with
        {
            CopyTo = copy,
            Retention = keep,
            CheckpointAfter = checkpoint,
            CheckpointEach = each,
            RotateBytes = megabytes is { } some ? some * 1024L * 1024 : usual.RotateBytes,
        };
    }
}
