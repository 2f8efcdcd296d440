using System.Net;
using System.Text.Json;
using TrafficFlow.Core.Segments;
using TrafficFlow.Node.Registers;
using TrafficFlow.Vault.Accounts;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Vault.Files;
using TrafficFlow.Vault.Keys;
using TrafficFlow.Vault.Registers;

namespace TrafficFlow.Node.Recordings;

/// <summary>Gives the segments of a set for learning to whoever makes it, from the running node or from this process.</summary>
internal sealed partial class VaultJob
{
    /// <param name="make">Gets the entry in the ledger, until when the set may be kept, the segments, and what opens one of them.</param>
    public async Task<int> LearnAsync(VaultRequest request, Func<string, DateTimeOffset, IReadOnlyList<string>, Func<string, Task<Stream>>, Task> make)
    {
        RefuseWithoutRules();
        request = Signed(request);
        if (request.As is null) throw NoCustodian;
        if (_holder.IsHeld)
        {
            using var connection = new ControlClient.NodeConnection(place.Data);
            return await MakeAsync(await _holder.AskAsync(Route, request), make, async (segment, ticket) =>
            {
                using var message = new HttpRequestMessage(HttpMethod.Post, "vault/segment") { Content = new ByteArrayContent(View(segment, ticket).Write()) };
                var answer = await connection.Http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead);
                if (answer.StatusCode == HttpStatusCode.OK) return await answer.Content.ReadAsStreamAsync();
                throw new JobFailedException(string.Join("; ", VaultAnswer.Read(await answer.Content.ReadAsByteArrayAsync()).Lines));
            });
        }

        await using var held = await _holder.TakeAsync();
        using var vault = _holder.Open(held);
        await _holder.UnlockAsync(vault);
        var desk = DeskOf(vault, held);
        return await MakeAsync(await desk.AnswerAsync(request, VaultHolder.Me), make, (segment, ticket) => desk.OpenAsync(View(segment, ticket), VaultHolder.Me));
    }

    /// <summary>Does what a custodian alone may do, and what needs no vault: whoever it is logs in, by the accounts of the node.</summary>
    /// <param name="target">For the audit.</param>
    /// <exception cref="UsageException">Nobody is named, or it is no custodian.</exception>
    /// <exception cref="JobFailedException">It cannot be recorded.</exception>
    public async Task<int> AsCustodianAsync(string action, string target, Func<int> run)
    {
        if (person.Ask(place) is not var (account, password, code)) throw NoCustodian;
        try
        {
            await using var log = await AuditLog.OpenAsync(place.Data, place.Audit, time);
            var by = VaultDesk.CustodianOf(await new PersonLogIn(AccountStore.Over(place.Data, time), async e => await log.RecordAsync(e) is not null).CheckAsync(account, password, code, VaultHolder.Me));
            var e = new AuditEvent(AuditKind.Change, by.Name, by.Account, action, Core.Texts.PlainText.Of(target, 200));
            if (await log.RecordAsync(e with { Outcome = "begun" }) is null) throw new VaultFileException("the audit cannot be written now, and nothing is done to recordings without a record of it");
            var ended = run();
            await log.RecordAsync(e with { Outcome = ended == ExitCodes.Done ? "done" : "failed" });
            return ended;
        }
        catch (RegisterException e)
        {
            throw new UsageException(e.Message);
        }
        catch (VaultFileException e)
        {
            throw new JobFailedException(e.Message, e);
        }
    }

    private static UsageException NoCustodian => new("who? Frames for learning are exported, and labels taken back, by a custodian (管理責任者) alone, who logs in: --as ACCOUNT");

    /// <summary>Who exports has logged in, and was approved, for the set; what is opened of it stands in the audit by the same person.</summary>
    private static VaultRequest View(string segment, string ticket) => new("play") { Id = segment, Ticket = ticket };

    private static async Task<int> MakeAsync(VaultAnswer answer, Func<string, DateTimeOffset, IReadOnlyList<string>, Func<string, Task<Stream>>, Task> make, Func<string, string, Task<Stream>> open)
    {
        if (answer.Outcome != VaultAnswer.OfDone)
        {
            foreach (var line in answer.Lines) await Console.Error.WriteLineAsync($"trafficflow: {Core.Texts.PlainText.Of(line)}");
            return answer.Outcome == VaultAnswer.OfRefused ? ExitCodes.BadUsage : ExitCodes.Failed;
        }

        try
        {
            if (answer.Lines is not [var entry, ..] || entry.Split('\t') is not [var copy, var until, var ticket]) throw new JobFailedException("the node has answered in another form: use the trafficflow of its own version");
            await make(copy, DateTimeOffset.Parse(until, System.Globalization.CultureInfo.InvariantCulture), [.. answer.Lines.Skip(1)], segment => open(segment, ticket));
            return ExitCodes.Done;
        }
        catch (Exception e) when (e is SegmentStoreException or VaultKeyException or VaultFileException or RegisterException or HttpRequestException or JsonException)
        {
            throw new JobFailedException($"{e.Message}. What was written is in the ledger of copies: destroy it, and say so with trafficflow vault end-copy", e);
        }
    }
}
