using System.Diagnostics;
using System.Security.Cryptography;
using TrafficFlow.Core.Segments;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node;
using TrafficFlow.SystemTests.Processes;
using TrafficFlow.SystemTests.Settings;
using TrafficFlow.SystemTests.Vault.Segments;
using TrafficFlow.Vault.Erasure;
using TrafficFlow.Vault.Keys;
using TrafficFlow.Vault.Recordings;
using TrafficFlow.Vault.Segments;
using Xunit;

namespace TrafficFlow.SystemTests.Vault;

/// <summary>`trafficflow vault` as an engineer uses it, on a data folder whose node does not run.</summary>
[Collection(ProcessesCollection.Name)]
public sealed class RecordingsVerbTests : IDisposable
{
    private readonly SettingsFolder _folder = new();
    private readonly byte[] _content = RecordedVault.Content(50_000);

    private string Data => Path.Combine(_folder.Path, "data");

    private string Config => _folder.Write("node.conf", "trafficflow.node { roles = [server], data-directory = data }");

    private string Key => Path.Combine(_folder.Path, "vault.key");

    [Fact]
    public async Task A_vault_is_made_verified_played_rotated_and_erased_and_all_of_it_stands_in_the_audit()
    {
        File.WriteAllBytes(Key, RandomNumberGenerator.GetBytes(32));
        Directory.CreateDirectory(Data);
        var made = await RunAsync(null, "init", "--credential", Key, "--shares", "2/3");
        Assert.Equal(ExitCodes.Done, made.Code);
        var shares = made.Output.Split('\n').Where(l => l.StartsWith("tfk-", StringComparison.Ordinal)).ToList();
        Assert.Equal(3, shares.Count);
        var (place, second) = (Record(RecordedVault.Noon), Record(RecordedVault.Noon.AddMinutes(1)));

        Assert.Contains("is locked", (await RunAsync(null, "status")).Output, StringComparison.Ordinal);
        Assert.Contains($"{place}\twhole\t60 s\t600 frames", (await RunAsync(null, "list", "--site", "kokandori")).Output, StringComparison.Ordinal);
        Assert.StartsWith("whole: 2 segments", (await RunAsync(null, "verify", "--credential", Key)).Output, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Done, (await RunAsync(string.Join('\n', shares.Take(2)), "rotate", "--shares", "2")).Code);
        var film = Path.Combine(_folder.Path, "film.mp4");
        Assert.Equal(ExitCodes.Done, (await RunAsync(null, "play", place, "--out", film, "--credential", Key)).Code);
        Assert.Equal(_content, await File.ReadAllBytesAsync(film, TestContext.Current.CancellationToken));
        Assert.Contains("copy-1\texport", (await RunAsync(null, "copies")).Output, StringComparison.Ordinal);
        Assert.Contains("is there already", (await RunAsync(null, "play", place, "--out", film, "--credential", Key)).Error, StringComparison.Ordinal);

        Assert.Contains("--config FILE", (await RunPlainAsync("vault", "erase", "--site", "kokandori", "--reason", "x", "--yes", "--data", Data)).Error, StringComparison.Ordinal);
        Assert.Contains("say --yes", (await RunAsync("", "erase", "--site", "kokandori", "--reason", "request 12")).Error, StringComparison.Ordinal);
        Assert.Contains("needs its reason", (await RunAsync(null, "erase", "--site", "kokandori", "--yes")).Error, StringComparison.Ordinal);
        Assert.Contains("--everything", (await RunAsync(null, "erase", "--reason", "x", "--yes")).Error, StringComparison.Ordinal);
        Assert.Contains("2 segments", (await RunAsync(null, "erase", "--site", "kokandori", "--reason", "request 12", "--dry-run")).Output, StringComparison.Ordinal);
        var erased = await RunAsync(null, "erase", "--site", "kokandori", "--camera", "cam1", "--from", "2026-11-29T12:00Z", "--to", "2026-11-29T12:00:30Z", "--reason", "request 12", "--yes", "--credential", Key);
        Assert.True(erased.Code == ExitCodes.Done, erased.Error);
        var receipt = Assert.Single(Directory.GetFiles(Path.Combine(Data, "vault", "receipts")));

        var genuine = await RunAsync(null, "verify-receipt", receipt, "--key", Path.Combine(Data, "audit.pub"));
        Assert.StartsWith("Genuine: receipt", genuine.Output, StringComparison.Ordinal);
        Assert.Contains("request 12", genuine.Output, StringComparison.Ordinal);
        await File.WriteAllTextAsync(receipt + ".changed", (await File.ReadAllTextAsync(receipt, TestContext.Current.CancellationToken)).Replace("request 12", "request 13", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        var changed = await RunAsync(null, "verify-receipt", receipt + ".changed", "--key", Path.Combine(Data, "audit.pub"));
        Assert.Equal((ExitCodes.Failed, true), (changed.Code, changed.Error.Contains("changed after it was signed", StringComparison.Ordinal)));
        Assert.Contains("was erased", (await RunAsync(null, "play", place, "--out", film + "2", "--credential", Key)).Error, StringComparison.Ordinal);
        Assert.Contains($"{second}\twhole", (await RunAsync(null, "list")).Output, StringComparison.Ordinal);

        using var audit = Process.Start(Command(null, ["audit", "show", "--data", Data]))!;
        var shown = await audit.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        foreach (var action in new[] { "vault init", "vault verify", "vault rotate", "vault play", "vault erase" }) Assert.Contains(action, shown, StringComparison.Ordinal);
        Assert.DoesNotContain("tfk-", shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_damaged_is_told_with_an_exit_code()
    {
        File.WriteAllBytes(Key, RandomNumberGenerator.GetBytes(32));
        Directory.CreateDirectory(Data);
        await RunAsync(null, "init", "--credential", Key);
        var place = Record(RecordedVault.Noon);
        var file = Assert.Single(Directory.GetFiles(Data, "*.tfs", SearchOption.AllDirectories));
        var bytes = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
        bytes[^20_000] ^= 1;
        await File.WriteAllBytesAsync(file, bytes, TestContext.Current.CancellationToken);

        var verified = await RunAsync(null, "verify", "--credential", Key);

        Assert.Equal(ExitCodes.Failed, verified.Code);
        Assert.Contains($"{place}\tchunk 1 of 4 is damaged", verified.Output, StringComparison.Ordinal);
        File.WriteAllBytes(Key, RandomNumberGenerator.GetBytes(32));
        Assert.Contains("does not open the vault", (await RunAsync(null, "verify", "--credential", Key)).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Holds_that_somebody_has_changed_stop_erasures_until_they_are_put_aside_and_entered_anew()
    {
        File.WriteAllBytes(Key, RandomNumberGenerator.GetBytes(32));
        Directory.CreateDirectory(Data);
        await RunAsync(null, "init", "--credential", Key);
        Record(RecordedVault.Noon);
        Assert.Contains("hold-1", (await RunAsync(null, "hold", "--site", "kokandori", "--reason", "police 4711", "--until", $"{DateTime.UtcNow.AddDays(9):yyyy-MM-dd}", "--credential", Key)).Output, StringComparison.Ordinal);
        File.Delete(Path.Combine(Data, "vault", "holds.json"));
        string[] erase = ["erase", "--site", "kokandori", "--reason", "request 12", "--yes", "--credential", Key];

        var refused = await RunAsync(null, erase);
        Assert.NotEqual(ExitCodes.Done, refused.Code);
        Assert.Contains("holds.json is gone", refused.Error, StringComparison.Ordinal);
        Assert.Contains("NOT WHOLE", (await RunAsync(null, "verify", "--credential", Key)).Output, StringComparison.Ordinal);

        Assert.Contains("holds.json is put aside", (await RunAsync(null, "renew-registers", "--reason", "lost", "--credential", Key)).Output, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Done, (await RunAsync(null, erase)).Code);
    }

    public void Dispose() => _folder.Dispose();

    private string Record(DateTimeOffset from)
    {
        using var vault = new RecordingVault(Data, "test", new SegmentStoreOptions { MinFreeBytes = 0 }, () => new MediumFacts("", null, null, ""), TimeProvider.System);
        using var secret = new CredentialSecret(File.ReadAllBytes(Key));
        vault.Unlock(secret);
        using var writer = (SegmentWriter)vault.Store.Begin(new SegmentStart(new SiteId("kokandori"), new CameraId("cam1"), from, new FrameFormat(640, 360, 10), "0123456789abcdef", "test"));
        writer.Write(_content);
        writer.Close(new SegmentEnd(from.AddSeconds(60), 600, 0));
        return writer.Place.ToString();
    }

    private Task<(int Code, string Output, string Error)> RunAsync(string? input, params string[] arguments) =>
        RunWordsAsync(input, arguments[0] == "verify-receipt" ? ["vault", .. arguments] : ["vault", .. arguments, "--config", Config]);

    private static Task<(int Code, string Output, string Error)> RunPlainAsync(params string[] words) => RunWordsAsync(null, words);

    private static async Task<(int Code, string Output, string Error)> RunWordsAsync(string? input, string[] words)
    {
        using var process = Process.Start(Command(input, words))!;
        if (input is not null)
        {
            await process.StandardInput.WriteAsync(input + "\n");
            process.StandardInput.Close();
        }

        var (output, error) = (process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, await error);
    }

    private static ProcessStartInfo Command(string? input, string[] words)
    {
        var command = TrafficflowProcess.Command(words);
        (command.RedirectStandardInput, command.RedirectStandardOutput, command.RedirectStandardError) = (input is not null, true, true);
        return command;
    }
}
