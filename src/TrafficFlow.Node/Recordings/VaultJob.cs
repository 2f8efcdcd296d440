using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Spectre.Console;
using TrafficFlow.Core.Files;
using TrafficFlow.Core.Segments;
using TrafficFlow.Core.Texts;
using TrafficFlow.Node.Accounts;
using TrafficFlow.Node.ControlClient;
using TrafficFlow.Node.Registers;
using TrafficFlow.Node.Settings;
using TrafficFlow.Vault.Accounts;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Vault.Erasure;
using TrafficFlow.Vault.Files;
using TrafficFlow.Vault.Keys;
using TrafficFlow.Vault.Recordings;
using TrafficFlow.Vault.Registers;
using TrafficFlow.Wire.Authorization;
using TrafficFlow.Wire.Journals;

namespace TrafficFlow.Node.Recordings;

/// <summary>
/// What the verbs of `trafficflow vault` do: by the running node, which holds the vault, or, where none runs, in this process, which takes the node's lock meanwhile.
/// </summary>
/// <param name="given">What opens the vault, from the command line.</param>
/// <param name="person">Who does it, from the command line.</param>
internal sealed partial class VaultJob(VaultPlace place, NodeSettings? node, GivenSecret given, GivenLogIn person, TimeProvider time)
{
    private const int BlockBytes = 64 * 1024;

    private static readonly string[] s_needingKey = ["verify", "rotate", "add-key", "remove-key", "erase", "identity", "trust", "export", "import", "confirm", "hold", "release", "end-copy", "distrust", "cancel-export", "renew-registers"];

    private VaultSettings Settings => node?.Vault ?? VaultSettings.Usual;

    private static Principal Me => new(Environment.UserName, $"unix:{Environment.UserName}");

    public async Task<int> RunAsync(VaultRequest request)
    {
        if (request.Verb is "export" or "trust" or "confirm" or "renew-registers") RefuseWithoutRules();
        if (!request.DryRun) request = Signed(request);
        var answer = NodeLock.HolderOf(place.Data) is not null ? await AskAsync(request) : await HereAsync(request);
        var output = answer.Outcome == VaultAnswer.OfDone ? Console.Out : Console.Error;
        foreach (var line in answer.Lines) await output.WriteLineAsync(answer.Outcome == VaultAnswer.OfDone ? Columns(line) : $"trafficflow: {PlainText.Of(line)}");
        return answer.Outcome switch
        {
            VaultAnswer.OfDone when answer.Lines is [.., var last] && last.StartsWith("NOT WHOLE", StringComparison.Ordinal) => ExitCodes.Failed,
            VaultAnswer.OfDone => ExitCodes.Done,
            VaultAnswer.OfRefused => ExitCodes.BadUsage,
            _ => ExitCodes.Failed,
        };
    }

    /// <summary>Tells what would be erased, and asks, unless that was answered on the command line.</summary>
    public async Task<int> EraseAsync(VaultRequest request, bool isSure)
    {
        RefuseWithoutRules();
        if (request.DryRun) return await RunAsync(request);
        if (!isSure)
        {
            if (Console.IsInputRedirected) throw new UsageException("erasing cannot be undone: say --yes, or run it at a terminal, where it asks");
            var told = await RunAsync(request with { DryRun = true });
            if (told != ExitCodes.Done) return told;
            var word = request.Site ?? "everything";
            await Console.Error.WriteAsync($"This cannot be undone. Write {word} to erase it: ");
            if (Console.ReadLine()?.Trim() != word) throw new UsageException("nothing was erased");
        }

        return await RunAsync(request);
    }

    /// <summary>Writes the pictures of a segment in clear: to a new file, or to standard output for a player. Either is an export.</summary>
    public async Task<int> PlayAsync(string segment, bool asFarAsItGoes, string file)
    {
        if (file != "-" && (Path.Exists(file) || new FileInfo(file).LinkTarget is not null)) throw new UsageException($"{file} is there already: remove it, or name another file");
        RefuseWithoutRules();
        if (file == "-" && !Console.IsOutputRedirected) throw new UsageException("pictures on a terminal are of no use: write | ffplay -, or --out FILE.mp4");
        var request = Signed(new VaultRequest("play") { Id = segment, AsFarAsItGoes = asFarAsItGoes, Path = file == VaultRequest.StandardOutput ? file : Path.GetFullPath(file) });
        if (NodeLock.HolderOf(place.Data) is null)
        {
            using var held = Held();
            using var vault = Open();
            await Unlock(vault);
            await using var log = await AuditLog.OpenAsync(place.Data, place.Audit, time);
            try
            {
                await using var pictures = await DeskOf(vault, log).OpenAsync(request, Me);
                await CopyAsync(pictures, file, pictures.Length);
            }
            catch (Exception e) when (e is SegmentStoreException or VaultKeyException or VaultFileException or RegisterException)
            {
                throw new JobFailedException(e.Message, e);
            }

            return ExitCodes.Done;
        }

        using var connection = new NodeConnection(place.Data);
        try
        {
            using var message = new HttpRequestMessage(HttpMethod.Post, "vault/segment") { Content = new ByteArrayContent(request.Write()) };
            using var answer = await connection.Http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead);
            if (answer.StatusCode != HttpStatusCode.OK) throw new JobFailedException(string.Join("; ", VaultAnswer.Read(await answer.Content.ReadAsByteArrayAsync()).Lines));
            await using var pictures = await answer.Content.ReadAsStreamAsync();
            await CopyAsync(pictures, file, answer.Content.Headers.ContentLength ?? 0);
            return ExitCodes.Done;
        }
        catch (HttpRequestException e)
        {
            throw new JobFailedException(connection.Explain(e), e);
        }
        catch (JsonException e)
        {
            throw new JobFailedException(connection.OtherForm, e);
        }
    }

    /// <summary>Verifies a receipt with a public key, on any machine.</summary>
    public static int VerifyReceipt(string file, string keyFile)
    {
        try
        {
            var keys = AuditPublicKeys.Parse(File.ReadAllText(keyFile));
            if (new FileInfo(file).Length > SignedDocument.Longest) throw new FormatException("it is larger than any receipt");
            var receipt = ReceiptFile.Verify(File.ReadAllBytes(file), keys);
            Console.WriteLine($"Genuine: receipt {receipt.Id} of node {PlainText.Of(receipt.Node)}");
            Console.WriteLine($"  erased  {receipt.Order.Scope}: {receipt.Days.Sum(d => d.Count) + receipt.Segments.Count} segments, {receipt.Ended:yyyy-MM-dd HH:mm:ssK}");
            Console.WriteLine($"  by      {PlainText.Of(receipt.Order.By)} ({PlainText.Of(receipt.Order.Account)}): {PlainText.Of(receipt.Order.Reason)}");
            foreach (var part in receipt.Order.Parts ?? []) Console.WriteLine($"  part    {part}");
            foreach (var line in receipt.Proved) Console.WriteLine($"  proved  {PlainText.Of(line)}");
            foreach (var line in receipt.NotProved) Console.WriteLine($"  open    {PlainText.Of(line)}");
            foreach (var copy in receipt.Copies) Console.WriteLine($"  copy    {copy.Id} was elsewhere: {PlainText.Of(copy.Where)}, to be destroyed by {copy.Until:yyyy-MM-dd}");
            return ExitCodes.Done;
        }
        catch (FormatException e)
        {
            throw new JobFailedException($"{file}: {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{e.Message}: name the receipt, and with --key the public key of the node (audit.pub)");
        }
    }

    private static string Columns(string line) => string.Join('\t', line.Split('\t').Select(c => PlainText.Of(c)));

    /// <summary>Without a node that knows them, the settings say whether another person has to agree.</summary>
    private void RefuseWithoutRules()
    {
        if (node is null && NodeLock.HolderOf(place.Data) is null) throw new UsageException("the node does not run: name its settings with --config FILE, which say whether another person has to agree");
    }

    private IDisposable Held()
    {
        try
        {
            return NodeLock.Take(place.Data);
        }
        catch (NodeLockedException e)
        {
            throw new JobFailedException(e.Message, e);
        }
    }

    private async Task<VaultAnswer> AskAsync(VaultRequest request)
    {
        using var connection = new NodeConnection(place.Data);
        try
        {
            using var answer = await connection.Http.PostAsync("vault", new ByteArrayContent(request.Write()));
            return answer.StatusCode == HttpStatusCode.OK ? VaultAnswer.Read(await answer.Content.ReadAsByteArrayAsync()) : throw new JobFailedException(connection.OtherForm);
        }
        catch (HttpRequestException e)
        {
            throw new JobFailedException(connection.Explain(e), e);
        }
        catch (JsonException e)
        {
            throw new JobFailedException(connection.OtherForm, e);
        }
    }

    private async Task<VaultAnswer> HereAsync(VaultRequest request)
    {
        try
        {
            using var held = NodeLock.Take(place.Data);
            using var vault = Open();
            // A look at what an erasure would do needs no key, nor does refusing an order that is none.
            if (s_needingKey.Contains(request.Verb) && vault.Keys.State == VaultState.Locked && (request.Verb != "erase" || given.IsGiven || Settings.Credential is not null)) await Unlock(vault);
            // What is brought to be tried opens the vault of this process, which ends with the verb.
            if (request.Verb == "prove" && vault.Keys.State == VaultState.Locked && request.Secret() is { } brought)
            {
                using (brought) vault.Unlock(brought);
            }

            await using var log = await AuditLog.OpenAsync(place.Data, place.Audit, time);
            return await DeskOf(vault, log).AnswerAsync(request, Me);
        }
        catch (NodeLockedException e)
        {
            throw new JobFailedException(e.Message, e);
        }
        catch (Exception e) when (e is VaultFileException or VaultKeyException)
        {
            throw new JobFailedException(e.Message, e);
        }
        catch (FormatException e)
        {
            throw new UsageException(e.Message);
        }
    }

    private RecordingVault Open()
    {
        try
        {
            return new RecordingVault(place.Data, node?.Remoting.NodeName ?? Environment.MachineName, Settings.Segments, () => NodeVault.MediumOf(place.Data), time);
        }
        catch (VaultFileException e)
        {
            throw new JobFailedException(e.Message, e);
        }
    }

    private async Task Unlock(RecordingVault vault)
    {
        try
        {
            using var secret = given.Read(Settings.Credential);
            foreach (var note in vault.Unlock(secret)) await Console.Error.WriteLineAsync(PlainText.Of(note));
        }
        catch (FormatException e)
        {
            throw new UsageException(e.Message);
        }
        catch (Exception e) when (e is VaultKeyException or VaultFileException)
        {
            throw new JobFailedException(e.Message, e);
        }
    }

    private VaultRequest Signed(VaultRequest request) => person.Ask(place) is var (account, password, code) ? request with { As = account, AsPassword = password, AsCode = code } : request;

    private VaultDesk DeskOf(RecordingVault vault, AuditLog log) => new(vault, async e => await log.RecordAsync(e) is not null, NodeCustody.Open(place.Data, node?.Custody ?? CustodySettings.Default, AccountStore.Over(place.Data, time), () => [.. node?.Sites.Select(s => s.Site) ?? []], null, time).Approvals, new PersonLogIn(AccountStore.Over(place.Data, time), async e => await log.RecordAsync(e) is not null), time)
    {
        ProveWithin = Settings.ProveWithin,
        Kept = site => node?.Sites.FirstOrDefault(s => s.Site.Id == site)?.Site is { Custody: { } custody } found ? (custody.Retention.Pictures, found.TimeZone) : null,
    };

    private static async Task CopyAsync(Stream pictures, string file, long length)
    {
        if (file == "-")
        {
            await using var output = Console.OpenStandardOutput();
            await CopyAsync(pictures, output, length);
            await Console.Error.WriteLineAsync("trafficflow: what was written to standard output is in the ledger of copies (trafficflow vault copies): as soon as nothing of it is kept, say so with trafficflow vault end-copy");
            return;
        }

        await using (var output = FileDraft.Create(file)) await CopyAsync(pictures, output, length);
        await Console.Error.WriteLineAsync($"{file} is in clear: who has it sees what was recorded. Destroy it when it is of no use any more");
    }

    private static async Task CopyAsync(Stream pictures, Stream output, long length)
    {
        var block = new byte[BlockBytes];
        long copied = 0;
        try
        {
            int count;
            while ((count = await pictures.ReadAsync(block)) > 0)
            {
                await output.WriteAsync(block.AsMemory(0, count));
                copied += count;
            }
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            throw new JobFailedException($"the pictures end after {copied} of {length} bytes: {e.Message}", e);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(block);
        }
    }
}

/// <summary>What opens the vault, as the command line says it.</summary>
/// <param name="Credential">A file; null for none.</param>
/// <param name="Passphrase">It is asked for.</param>
/// <param name="Shares">How many are asked for, as 2/3; null for none.</param>
internal sealed record GivenSecret(string? Credential, bool Passphrase, string? Shares)
{
    public bool IsGiven => Credential is not null || Passphrase || Shares is not null;

    /// <param name="usual">The file that the node's settings name.</param>
    /// <exception cref="UsageException">Nothing is given, or it cannot be read.</exception>
    /// <exception cref="FormatException">It is none.</exception>
    public UnlockSecret Read(string? usual)
    {
        if (Shares is not null) return new SharesSecret(AskShares());
        if (Passphrase) return new PassphraseSecret(AskPassphrase(isNew: false));
        var content = ReadCredential(Credential ?? UnitCredential.Find(usual ?? throw new UsageException("the vault is locked: bring its key with --credential FILE, --passphrase or --shares")));
        using var _ = new Zeroed(content);
        return new CredentialSecret(content);
    }

    /// <summary>The same in a request.</summary>
    /// <param name="isNew">A passphrase is asked for twice, and shares are made, not asked for.</param>
    public VaultRequest AddTo(VaultRequest request, bool isNew)
    {
        request = request with { Credential = Credential is null ? null : ReadCredential(Credential), Passphrase = Passphrase ? AskPassphrase(isNew) : null };
        if (Shares is null) return request;
        if (!isNew) return request with { Shares = AskShares() };
        return Shares.Split('/') is [var needed, var of] && int.TryParse(needed, out var n) && int.TryParse(of, out var m) ? request with { Needed = n, Of = m } : throw new UsageException($"--shares {PlainText.Of(Shares, 20)}: write how many of how many, 2/3");
    }

    private static byte[] ReadCredential(string path)
    {
        try
        {
            return new FileInfo(path).Length <= CredentialSecret.Most ? File.ReadAllBytes(path) : throw new UsageException($"{path} has more than the {CredentialSecret.Most} bytes of a credential: is it that file?");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{path} cannot be read ({e.Message}){(UnitCredential.Remedy(path) is { } remedy ? $"; {remedy}" : "")}");
        }
    }

    private static string AskPassphrase(bool isNew)
    {
        var first = Ask("Passphrase of the vault");
        if (isNew && !Console.IsInputRedirected && Ask("Once more") != first) throw new UsageException("the two differ: nothing was changed");
        return first;
    }

    private List<string> AskShares()
    {
        var needed = int.TryParse(Shares!.Split('/')[0], out var n) && n is > 0 and <= 16 ? n : throw new UsageException($"--shares {PlainText.Of(Shares, 20)}: write how many you bring, as in --shares 2");
        return [.. Enumerable.Range(1, needed).Select(i => Ask($"Share {i} of {needed}"))];
    }

    private static string Ask(string what)
    {
        if (Console.IsInputRedirected) return Console.ReadLine() ?? throw new UsageException($"{what} was asked for on standard input, which has ended");
        return AnsiConsole.Prompt(new TextPrompt<string>($"{what}:").Secret(null));
    }

    private sealed class Zeroed(byte[] bytes) : IDisposable
    {
        public void Dispose() => CryptographicOperations.ZeroMemory(bytes);
    }
}
