using System.Globalization;
using System.Text.Json;
using Spectre.Console;
using TrafficFlow.Core.Files;
using TrafficFlow.Core.Sites;
using TrafficFlow.Wire.Topics;

namespace TrafficFlow.Node.Tokens;

/// <summary>What the verbs of `trafficflow token` do with a file of tokens.</summary>
internal sealed class TokenJob(string file, TimeProvider time)
{
    private static readonly string[] Formats = ["yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK"];
    private static readonly JsonSerializerOptions Layout = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static string Account => $"unix:{Environment.UserName}";

    public async Task<int> CreateAsync(string name, IReadOnlyList<string> scopes, string until, string? output, CancellationToken cancellation)
    {
        if (!NameRule.IsChosen(name)) throw new UsageException($"--name {name}: {NameRule.Remedy}");
        var patterns = scopes.SelectMany(s => s.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).ToList();
        var scope = TopicScope.Parse(patterns, out var problem) ?? throw new UsageException($"--scope: {problem}");
        var end = Until(until);
        if (output is not null && new FileInfo(output) is var place && (Path.Exists(output) || place.LinkTarget is not null)) throw new UsageException($"--out {output} is there already: remove it, or name another file");
        var text = "";
        await TokenFile.ChangeAsync(
            file,
            list =>
            {
                (var changed, text) = list.Create(name, scope, end, Account, time.GetUtcNow());
                return changed;
            },
            time, cancellation);
        var told = $"Token {name} for {scope}, until {end.UtcDateTime:yyyy-MM-dd HH:mm}Z: its hash is in {file}.";
        if (output is null)
        {
            await Console.Error.WriteLineAsync($"{told} It is shown this once; keep it in a file that only its reader can read:");
            Console.WriteLine(text);
        }
        else
        {
            await SaveAsync(output, text, name);
            Console.WriteLine($"{told} The token itself is in {output} alone.");
        }

        return ExitCodes.Done;
    }

    private static async Task SaveAsync(string output, string text, string name)
    {
        try
        {
            await using var stream = FileDraft.Create(output);
            await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes($"{text}\n"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new JobFailedException($"{output} cannot be written ({e.Message}), and the token is lost: revoke it with trafficflow token revoke {name}, and make another", e);
        }
    }

    public async Task<int> RevokeAsync(string name, CancellationToken cancellation)
    {
        await TokenFile.ChangeAsync(file, list => list.Revoke(name, Account, time.GetUtcNow()), time, cancellation);
        Console.WriteLine($"Token {name} is revoked in {file}: a running server closes what is open with it within seconds.");
        return ExitCodes.Done;
    }

    public int List(bool asJson)
    {
        var now = time.GetUtcNow();
        var tokens = Read().Tokens.OrderBy(t => t.Name, StringComparer.Ordinal).ToList();
        if (asJson)
        {
            Console.WriteLine(JsonSerializer.Serialize(
                new { file, tokens = tokens.Select(t => new { t.Name, State = State(t, now), Scope = t.Scope.Patterns, t.Until, t.CreatedAt, t.CreatedBy, t.RevokedAt, t.RevokedBy }) }, Layout));
        }
        else if (tokens.Count == 0)
        {
            Console.WriteLine($"no tokens in {file}: trafficflow token create makes one");
        }
        else
        {
            var table = new Table().Border(TableBorder.Simple).AddColumns("name", "state", "scope", "until (UTC)", "created", "by");
            foreach (var t in tokens)
                table.AddRow([.. new[] { t.Name, State(t, now), string.Join('\n', t.Scope.Patterns), Minute(t.Until), Minute(t.CreatedAt), t.CreatedBy }.Select(c => new Text(c))]);
            AnsiConsole.Write(table);
        }

        return ExitCodes.Done;
    }

    private TokenList Read()
    {
        try
        {
            return TokenFile.Read(file);
        }
        catch (FormatException e)
        {
            throw new JobFailedException(e.Message, e);
        }
    }

    private DateTimeOffset Until(string text)
    {
        var isDay = DateTimeOffset.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var end);
        if (isDay) end = end.AddDays(1);
        var hasOffset = text.LastIndexOfAny(['+', '-', 'Z']) > text.IndexOf('T', StringComparison.Ordinal);
        if (!isDay && !(hasOffset && DateTimeOffset.TryParseExact(text, Formats, CultureInfo.InvariantCulture, DateTimeStyles.None, out end)))
            throw new UsageException($"--until {text}: write the last day, 2027-03-31, or an instant with its offset, 2027-03-31T18:00+09:00");
        return end > time.GetUtcNow() ? end : throw new UsageException($"--until {text} is over: write a day that comes");
    }

    private static string State(SubscriberToken token, DateTimeOffset now) => token.RevokedAt is not null ? "revoked" : token.IsGood(now) ? "good" : "expired";

    private static string Minute(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
}
