using System.Globalization;
using Spectre.Console;
using TrafficFlow.Core.Files;
using TrafficFlow.Core.Texts;
using TrafficFlow.Node.Accounts;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Vault.Files;

namespace TrafficFlow.Node.Audit;

/// <summary>What the verbs of `trafficflow audit` do. They read; only an export is recorded.</summary>
internal static class AuditJob
{
    private const int MostShown = 100_000;

    public static int Verify(VaultPlace vault, IReadOnlyList<string> copies, string? keyFile)
    {
        if (keyFile is not null && !File.Exists(keyFile)) throw new UsageException($"--key {keyFile}: there is no such file");
        if (copies.FirstOrDefault(c => !Directory.Exists(c)) is { } none) throw new UsageException($"--copy {none}: there is no such folder");
        var place = PlaceOf(vault);
        var report = Reading(() => AuditReader.Verify(place, [.. copies, .. vault.Audit.CopyTo is { } copy ? [copy] : Array.Empty<string>()], keyFile));
        foreach (var note in report.Notes) Console.WriteLine($"Note: {PlainText.Of(note)}");
        foreach (var finding in report.Findings) Console.WriteLine(PlainText.Of(finding.ToString()));
        var told = $"{report.Records} records ({report.First} to {report.Last}) in {vault.Data}, {report.Signed} signed statements of the {(report.Keys.Count == 1 ? "key" : "keys")} {(report.Keys.Count == 0 ? "none" : string.Join(", ", report.Keys))}";
        Console.WriteLine(report.IsWhole ? $"Whole: {told}." : $"Not whole, {report.Findings.Count} {(report.Findings.Count == 1 ? "finding" : "findings")}: {told}.");
        return report.IsWhole ? ExitCodes.Done : ExitCodes.Failed;
    }

    public static int Show(VaultPlace vault, AuditFilter filter, int last)
    {
        if (last is < 1 or > MostShown) throw new UsageException($"--last {last}: 1 to {MostShown}; for more, use trafficflow audit export");
        var place = PlaceOf(vault);
        var records = new Queue<AuditRecord>();
        var count = 0L;
        Reading(() =>
        {
            foreach (var record in AuditReader.Read(place, filter))
            {
                count++;
                records.Enqueue(record);
                if (records.Count > last) records.Dequeue();
            }

            return 0;
        });
        if (records.Count == 0)
        {
            Console.WriteLine($"no such records in {vault.Data}");
            return ExitCodes.Done;
        }

        var table = new Table().Border(TableBorder.Simple).AddColumns("n", "time (UTC)", "kind", "by", "action", "target", "outcome");
        foreach (var r in records)
        {
            var e = r.Event;
            var who = e.Account.EndsWith($":{e.By}", StringComparison.Ordinal) ? e.Account : $"{e.By} ({e.Account})";
            string[] cells =
            [
                r.Number.ToString(CultureInfo.InvariantCulture), r.Time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture), AuditKinds.Of(e.Kind),
                who, e.Details is null ? e.Action : $"{e.Action} ({e.Details})", e.Target, e.Of is { } of ? $"{e.Outcome} (of {of})" : e.Outcome,
            ];
            table.AddRow([.. cells.Select(c => new Text(PlainText.Of(c)))]);
        }

        AnsiConsole.Write(table);
        if (count > records.Count) Console.WriteLine($"The last {records.Count} of {count}: --last shows more, --from and --to others.");
        return ExitCodes.Done;
    }

    public static async Task<int> ExportAsync(VaultPlace vault, AuditFilter filter, string file)
    {
        var isCsv = file.EndsWith(".csv", StringComparison.OrdinalIgnoreCase);
        if (!isCsv && !file.EndsWith(".jsonl", StringComparison.OrdinalIgnoreCase)) throw new UsageException($"{file}: write a name that ends with .csv or .jsonl");
        if (Path.Exists(file) || new FileInfo(file).LinkTarget is not null) throw new UsageException($"{file} is there already: remove it, or name another file");
        var place = PlaceOf(vault);
        try
        {
            using var draft = FileDraft.Of(file);
            long count;
            await using (var stream = draft.Open()) count = Reading(() => Write(AuditReader.Read(place, filter), stream, isCsv));
            await RecordAsync(vault, file, count);
            draft.Move(overwrite: false);
            Console.WriteLine($"{count} records are in {file}. Whether they are all and genuine: trafficflow audit verify");
            return ExitCodes.Done;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new JobFailedException($"{file} cannot be written ({e.Message}): may this account write there, and is the disk not full?", e);
        }
    }

    private static long Write(IEnumerable<AuditRecord> records, Stream output, bool isCsv)
    {
        var count = 0L;
        using var text = new StreamWriter(output, new System.Text.UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { NewLine = isCsv ? "\r\n" : "\n" };
        if (isCsv) text.WriteLine(string.Join(',', AuditRow.Columns));
        foreach (var record in records)
        {
            count++;
            var row = AuditRow.From(record);
            text.WriteLine(isCsv ? row.Csv() : row.Json());
        }

        return count;
    }

    /// <summary>Who takes records away is recorded like anybody else. A copy without a private key is nobody's node.</summary>
    private static async Task RecordAsync(VaultPlace vault, string file, long count)
    {
        if (!File.Exists(new AuditPlace(vault.Data).Key)) return;
        try
        {
            await using var log = await AuditLog.OpenAsync(vault.Data, vault.Audit, TimeProvider.System);
            var by = Environment.UserName;
            if (await log.RecordAsync(new AuditEvent(AuditKind.Export, by, $"unix:{by}", "audit export", Path.GetFileName(file), Details: $"{count} records")) is null)
                await Console.Error.WriteLineAsync($"trafficflow: this export is not in the audit: {log.Problem}");
        }
        catch (VaultFileException e)
        {
            await Console.Error.WriteLineAsync($"trafficflow: this export is not in the audit: {e.Message}");
        }
    }

    private static AuditPlace PlaceOf(VaultPlace vault)
    {
        var place = new AuditPlace(vault.Data);
        return place.Exists ? place : throw new UsageException($"{vault.Data} holds no audit: is it the data folder of a node that has run, or a copy of its files audit*?");
    }

    private static T Reading<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (VaultFileException e)
        {
            throw new JobFailedException(e.Message, e);
        }
    }
}
