using System.Diagnostics;
using System.IO.Compression;
using System.Net.Http.Headers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using TrafficFlow.Core.Files;
using TrafficFlow.Node.ControlClient;
using TrafficFlow.Node.ControlServer;
using TrafficFlow.Node.Custody;
using TrafficFlow.Node.Settings;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Vault.Disks;

namespace TrafficFlow.Node.Doctor;

/// <summary>Collects one part after the other; what cannot be collected is told in problems.txt, and the rest is written all the same.</summary>
internal sealed class DoctorJob(string? config, string data, string place)
{
    private const int LongestLog = 2_000_000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly JsonSerializerOptions s_json = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly string[] s_questions =
    [
        "camera list", "outbox show", "approach show", "quarantine show", "cluster show", "health show", "actor hierarchy", "config show", "audit show",
    ];

    private readonly List<string> _problems = [];

    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        try
        {
            using var draft = FileDraft.Of(place);
            await using (var stream = draft.Open())
            await using (var zip = new ZipArchive(stream, ZipArchiveMode.Create))
            {
                await PartAsync(zip, "version.json", () => Task.FromResult(ProductVersion.Answer(["--version", "--json"])!));
                await PartAsync(zip, "machine.txt", () => MachineAsync(cancellation));
                await PartAsync(zip, "custody.txt", () => CustodyAsync(cancellation));
                await PartAsync(zip, "settings.txt", () => Task.FromResult(SettingsText()));
                await PartAsync(zip, "tables.txt", () => TableSizes.OfAsync(data, config, cancellation));
                await PartAsync(zip, "files.txt", () => Task.FromResult(Listing()));
                await AskNodeAsync(zip, cancellation);
                foreach (var log in Logs()) await PartAsync(zip, $"logs/{Path.GetFileName(log)}", () => Task.FromResult(Tail(log)));
                await PartAsync(zip, "logs/journal.txt", () => RunAsync("journalctl", ["--no-pager", "--lines", "5000", "--output", "short-iso", "--unit", "trafficflow*"], cancellation));
                if (_problems.Count > 0) await PartAsync(zip, "problems.txt", () => Task.FromResult(string.Join('\n', _problems) + "\n"));
            }

            draft.Move(overwrite: false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new JobFailedException($"{place} cannot be written ({e.Message}): is its folder there, writable, and the disk not full?", e);
        }

        foreach (var problem in _problems) await Console.Error.WriteLineAsync($"Not collected: {problem}");
        Console.WriteLine($"{place}: send it to support. It holds no picture and no password; addresses of cameras and names of sites are in it");
        return ExitCodes.Done;
    }

    /// <summary>The last gate before the file: whatever a part holds, what looks like a secret is taken out.</summary>
    private async Task PartAsync(ZipArchive zip, string name, Func<Task<string>> collect)
    {
        string text;
        try
        {
            text = await collect();
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            _problems.Add($"{name}: {e.Message.ReplaceLineEndings(" ")}");
            return;
        }

        await using var entry = await zip.CreateEntry(name, CompressionLevel.Optimal).OpenAsync();
        await entry.WriteAsync(Encoding.UTF8.GetBytes(string.Join('\n', text.Split('\n').Select(Redaction.Of))));
    }

    private async Task<string> MachineAsync(CancellationToken cancellation)
    {
        var text = new StringBuilder();
        text.AppendLine($"system: {RuntimeInformation.OSDescription} {RuntimeInformation.OSArchitecture}");
        text.AppendLine($"processors: {Environment.ProcessorCount}");
        text.AppendLine($"clock: {TimeProvider.System.GetUtcNow():O}, zone {TimeZoneInfo.Local.Id}, time zones known: {TimeZoneInfo.GetSystemTimeZones().Count}");
        foreach (var file in new[] { "/etc/os-release", "/proc/meminfo", "/proc/loadavg", "/proc/uptime" })
            if (File.Exists(file)) text.AppendLine($"-- {file}").AppendLine(string.Join('\n', File.ReadLines(file).Take(12)));
        if (Directory.Exists(data)) text.AppendLine($"disk of {data}: {new DriveInfo(data).AvailableFreeSpace} bytes free of {new DriveInfo(data).TotalSize}");
        foreach (var (program, word) in new[] { ("ffmpeg", "-version"), ("bwrap", "--version"), ("timedatectl", "status") })
            text.AppendLine($"-- {program} {word}").AppendLine(await TryRunAsync(program, [word], cancellation));
        return text.ToString();
    }

    /// <summary>The disk under the data folder in any case; of the site files, where they are known.</summary>
    private async Task<string> CustodyAsync(CancellationToken cancellation)
    {
        if (config is null) return $"{new DiskSurvey().Look(data).Summary}\n";
        var settings = NodeSettings.Load(config);
        var found = await new CustodyLook(data, settings.Has(NodeRole.Roadside)).RunAsync([.. settings.Sites.Select(s => s.Site)], cancellation);
        return string.Concat(found.Select(f => $"{f.Site}: {f.What}: required: {f.Requirement.ToString().ToLowerInvariant()}, {(f.IsMet ? "met" : "NOT met")}: {f.Text}\n"));
    }

    private string SettingsText()
    {
        if (config is null) return "no settings file was named: see ctl/config-show.json of a running node\n";
        var settings = NodeSettings.Load(config);
        return string.Join('\n', settings.Effective.Concat(settings.Sites.SelectMany(EffectiveSetting.OfSite)).Select(s => $"{s.Key} = {s.Value}   # {(s.Written.Length > 0 ? s.Written : "default")}")) + "\n";
    }

    /// <summary>Names, sizes and rights; no content.</summary>
    private string Listing() => string.Join('\n', new DirectoryInfo(data).EnumerateFileSystemInfos("*", SearchOption.AllDirectories)
        .OrderBy(f => f.FullName, StringComparer.Ordinal).Take(5_000)
        .Select(f => $"{f.UnixFileMode} {(f as FileInfo)?.Length ?? 0} {f.LastWriteTimeUtc:O} {Path.GetRelativePath(data, f.FullName)}")) + "\n";

    private async Task AskNodeAsync(ZipArchive zip, CancellationToken cancellation)
    {
        using var node = new NodeConnection(data);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(2 * Patience);
        try
        {
            await PartAsync(zip, "health.json", await GetAsync());
            foreach (var question in s_questions)
                await PartAsync(zip, $"ctl/{question.Replace(' ', '-')}.json", async () =>
                {
                    using var body = new ByteArrayContent(new ControlRequest(question.Split(' ')).Write());
                    body.Headers.ContentType = new MediaTypeHeaderValue("application/json");
                    using var answer = await node.Http.PostAsync("commands", body, patience.Token);
                    return Indented(await answer.Content.ReadAsStringAsync(patience.Token));
                });
        }
        catch (HttpRequestException e)
        {
            _problems.Add($"health.json, ctl: {node.Explain(e)}");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            _problems.Add($"health.json, ctl: the node did not answer all questions within {(2 * Patience).TotalSeconds:0} s; it hangs, or the machine is very busy");
        }

        async Task<Func<Task<string>>> GetAsync()
        {
            var text = await (await node.Http.GetAsync("health", patience.Token)).Content.ReadAsStringAsync(patience.Token);
            return () => Task.FromResult(Indented(text));
        }
    }

    private static string Indented(string json) => JsonSerializer.Serialize(JsonDocument.Parse(json).RootElement, s_json);

    private IEnumerable<string> Logs() => new[] { data, Path.Combine(data, "logs"), "/var/log/trafficflow" }
        .Where(Directory.Exists).SelectMany(f => Directory.EnumerateFiles(f, "*.log"))
        // Who did what is nobody's business but the custodian's.
        .Where(f => !AuditPlace.Owns(Path.GetFileName(f))).OrderByDescending(File.GetLastWriteTimeUtc).Take(10);

    private static string Tail(string file)
    {
        using var log = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        log.Seek(-Math.Min(log.Length, LongestLog), SeekOrigin.End);
        using var reader = new StreamReader(log);
        return reader.ReadToEnd();
    }

    private static async Task<string> TryRunAsync(string program, string[] words, CancellationToken cancellation)
    {
        try
        {
            return await RunAsync(program, words, cancellation);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "not installed";
        }
    }

    private static async Task<string> RunAsync(string program, string[] words, CancellationToken cancellation)
    {
        using var process = Process.Start(new ProcessStartInfo(ProgramPath.Of(program), words) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        try
        {
            var error = process.StandardError.ReadToEndAsync(patience.Token);
            return await process.StandardOutput.ReadToEndAsync(patience.Token) + await error;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            process.Kill();
            return $"{program} did not end within {Patience.TotalSeconds:0} s";
        }
    }
}
