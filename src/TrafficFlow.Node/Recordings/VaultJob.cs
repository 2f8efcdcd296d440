using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Spectre.Console;
using TrafficFlow.Core.Files;
using TrafficFlow.Core.Segments;
using TrafficFlow.Core.Sites;
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
    private const string Route = "vault";
    private const int BlockBytes = 64 * 1024;

    private static readonly string[] s_needingKey = ["verify", "rotate", "add-key", "remove-key", "erase", "identity", "trust", "export", "import", "confirm", "hold", "release", "end-copy", "distrust", "cancel-export", "renew-registers"];

    private readonly VaultHolder _holder = new(place, node, given, time);

    public async Task<int> RunAsync(VaultRequest request)
    {
        if (request.Verb is "export" or "trust" or "confirm" or "renew-registers") RefuseWithoutRules();
        if (!request.DryRun) request = Signed(request);
        var answer = await _holder.AnswerAsync(Route, request, held => HereAsync(held, request));
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
        if (!_holder.IsHeld)
        {
            await using var held = await _holder.TakeAsync();
            using var vault = _holder.Open(held);
            await _holder.UnlockAsync(vault);
            try
            {
                var copy = "";
                await using var pictures = await DeskOf(vault, held).OpenAsync(request, VaultHolder.Me, c => copy = VaultRoutes.ToldOf(c));
                await CopyAsync(pictures, file, pictures.Length, copy);
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
            await CopyAsync(pictures, file, answer.Content.Headers.ContentLength ?? 0, answer.Headers.TryGetValues(VaultRoutes.CopyHeader, out var copies) ? copies.First() : "");
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
        if (node is null && !_holder.IsHeld) throw new UsageException("the node does not run: name its settings with --config FILE, which say whether another person has to agree");
    }

    private async Task<VaultAnswer> HereAsync(HeldData held, VaultRequest request)
    {
        using var vault = _holder.Open(held);
        // A look at what an erasure would do needs no key, nor does refusing an order that is none.
        if (s_needingKey.Contains(request.Verb) && vault.Keys.State == VaultState.Locked && (request.Verb != "erase" || _holder.HasKey)) await _holder.UnlockAsync(vault);
        // What is brought to be tried opens the vault of this process, which ends with the verb.
        if (request.Verb == "prove" && vault.Keys.State == VaultState.Locked && request.Secret() is { } brought)
        {
            using (brought) vault.Unlock(brought);
        }

        return await DeskOf(vault, held).AnswerAsync(request, VaultHolder.Me);
    }

    private VaultRequest Signed(VaultRequest request) => person.Ask(place) is var (account, password, code) ? request with { As = account, AsPassword = password, AsCode = code } : request;

    private VaultDesk DeskOf(RecordingVault vault, HeldData held)
    {
        IReadOnlyList<Site> Sites() => [.. node?.Sites.Select(s => s.Site) ?? []];
        var approvals = NodeCustody.Open(place.Data, node?.Custody ?? CustodySettings.Default, AccountStore.Over(place.Data, time), Sites, null, time).Approvals;
        return new VaultDesk(vault, held.RecordAsync, approvals, new PersonLogIn(AccountStore.Over(place.Data, time), held.RecordAsync), time)
        {
            ProveWithin = (node?.Vault ?? VaultSettings.Usual).ProveWithin,
            Kept = VaultDesk.KeptBy(Sites, () => approvals.Policies?.Left ?? []),
        };
    }

    private static async Task CopyAsync(Stream pictures, string file, long length, string copy)
    {
        if (file == "-")
        {
            await using var output = Console.OpenStandardOutput();
            await CopyAsync(pictures, output, length);
            await Console.Error.WriteLineAsync("trafficflow: what was written to standard output is in the ledger of copies (trafficflow vault copies): as soon as nothing of it is kept, say so with trafficflow vault end-copy");
            return;
        }

        await using (var output = FileDraft.Create(file)) await CopyAsync(pictures, output, length);
        await Console.Error.WriteLineAsync($"{file} is in clear: who has it sees what was recorded. Destroy it {(copy.Split(", ") is [var id, var until] ? $"by {PlainText.Of(until)}, and say so with trafficflow vault end-copy {PlainText.Of(id)}" : "when it is of no use any more")}");
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
