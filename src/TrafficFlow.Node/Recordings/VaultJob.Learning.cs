using System.Net;
using System.Text.Json;
using TrafficFlow.Core.Segments;
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
        if (_holder.IsHeld)
        {
            using var connection = new ControlClient.NodeConnection(place.Data);
            return await MakeAsync(await _holder.AskAsync(Route, request), make, async segment =>
            {
                using var message = new HttpRequestMessage(HttpMethod.Post, "vault/segment") { Content = new ByteArrayContent(View(segment).Write()) };
                var answer = await connection.Http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead);
                if (answer.StatusCode == HttpStatusCode.OK) return await answer.Content.ReadAsStreamAsync();
                throw new JobFailedException(string.Join("; ", VaultAnswer.Read(await answer.Content.ReadAsByteArrayAsync()).Lines));
            });
        }

        await using var held = await _holder.TakeAsync();
        using var vault = _holder.Open(held);
        await _holder.UnlockAsync(vault);
        var desk = DeskOf(vault, held);
        return await MakeAsync(await desk.AnswerAsync(request, VaultHolder.Me), make, segment => desk.OpenAsync(View(segment), VaultHolder.Me));
    }

    /// <summary>Who exports has logged in, and was approved, for the set; what is opened of it stands in the audit beside that.</summary>
    private static VaultRequest View(string segment) => new("play") { Id = segment };

    private static async Task<int> MakeAsync(VaultAnswer answer, Func<string, DateTimeOffset, IReadOnlyList<string>, Func<string, Task<Stream>>, Task> make, Func<string, Task<Stream>> open)
    {
        if (answer.Outcome != VaultAnswer.OfDone)
        {
            foreach (var line in answer.Lines) await Console.Error.WriteLineAsync($"trafficflow: {Core.Texts.PlainText.Of(line)}");
            return answer.Outcome == VaultAnswer.OfRefused ? ExitCodes.BadUsage : ExitCodes.Failed;
        }

        try
        {
            if (answer.Lines is not [var entry, ..] || entry.Split('\t') is not [var copy, var until]) throw new JobFailedException("the node has answered in another form: use the trafficflow of its own version");
            await make(copy, DateTimeOffset.Parse(until, System.Globalization.CultureInfo.InvariantCulture), [.. answer.Lines.Skip(1)], open);
            return ExitCodes.Done;
        }
        catch (Exception e) when (e is SegmentStoreException or VaultKeyException or VaultFileException or RegisterException or HttpRequestException or JsonException)
        {
            throw new JobFailedException($"{e.Message}. What was written is in the ledger of copies: destroy it, and say so with trafficflow vault end-copy", e);
        }
    }
}
