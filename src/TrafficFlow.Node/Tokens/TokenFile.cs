using System.Diagnostics;
using System.Text.Json;
using TrafficFlow.Core.Files;
using TrafficFlow.Core.Sites;
using TrafficFlow.Wire.Topics;

namespace TrafficFlow.Node.Tokens;

/// <summary>
/// The file of a server's tokens, JSON: of each its hash, name, scope and dates. Whoever writes it makes it anew, for its owner only, so that the server
/// reads the old one or the new one and never half.
/// </summary>
public static class TokenFile
{
    private const int Format = 1;
    private const int LongestFile = 4 * 1024 * 1024;
    private const int HashLength = 64;
    private const int Depth = 8;
    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    private static readonly TimeSpan LockedWithin = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromMilliseconds(100);
    private static readonly JsonSerializerOptions Layout = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true, MaxDepth = Depth, AllowDuplicateProperties = false };

    private sealed record Written(int Format, IReadOnlyList<WrittenToken> Tokens);

    private sealed record WrittenToken(
        string Name, string Sha256, IReadOnlyList<string> Scope, DateTimeOffset Until, DateTimeOffset CreatedAt, string CreatedBy, DateTimeOffset? RevokedAt, string? RevokedBy);

    /// <returns>Empty where there is no such file: then nobody gets in.</returns>
    /// <exception cref="FormatException">It cannot be used; the message says why and what to do.</exception>
    public static TokenList Read(string path)
    {
        try
        {
            var file = new FileInfo(path);
            if (!file.Exists) return Directory.Exists(path) ? throw new FormatException($"{path} is a folder: name a file") : TokenList.Empty;
            if (!OperatingSystem.IsWindows() && (file.UnixFileMode & Others) != 0) throw new FormatException($"{path} can be read or changed by other accounts of this machine: chmod 600 {path}");
            if (file.Length > LongestFile) throw new FormatException($"{path} is larger than any list of tokens: make it with trafficflow token create");
            return Parse(File.ReadAllText(path), path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FormatException($"{path} cannot be read ({e.Message}): it belongs to the account of the node, which alone may read it", e);
        }
    }

    /// <param name="path">For the message.</param>
    /// <exception cref="FormatException">It is no list of tokens.</exception>
    public static TokenList Parse(string text, string path)
    {
        try
        {
            var written = JsonSerializer.Deserialize<Written>(text, Layout);
            if (written is not { Format: Format, Tokens: not null }) throw Wrong(path, $"its format is not {Format}, or it has no tokens");
            if (written.Tokens.Count > TokenList.Most) throw Wrong(path, $"it has more than {TokenList.Most} tokens");
            var tokens = written.Tokens.Select((t, i) => Token(t, i, path)).ToList();
            RefuseDoubled(tokens, text, path);
            return new TokenList([.. tokens]);
        }
        catch (JsonException e)
        {
            throw Wrong(path, $"line {(e.LineNumber ?? 0) + 1}");
        }
    }

    public static byte[] Write(TokenList list) => [.. JsonSerializer.SerializeToUtf8Bytes(
        new Written(Format, [.. list.Tokens.Select(t => new WrittenToken(t.Name, t.Hash, t.Scope.Patterns, t.Until, t.CreatedAt, t.CreatedBy, t.RevokedAt, t.RevokedBy))]), Layout), (byte)'\n'];

    /// <summary>Reads the list, and writes what is made of it; one at a time.</summary>
    /// <exception cref="JobFailedException">It cannot be read or written.</exception>
    public static async Task ChangeAsync(string path, Func<TokenList, TokenList> change, TimeProvider time, CancellationToken cancellation)
    {
        if (new FileInfo(path).LinkTarget is { } other) throw new JobFailedException($"{path} is a link to {other}: name that file itself");
        var held = $"{path}.lock";
        try
        {
            // A token may be made before its node has started for the first time.
            if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder && Directory.Exists(Path.GetDirectoryName(folder))) Directory.CreateDirectory(folder);
            await LockAsync(held, time, cancellation);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new JobFailedException($"{path} cannot be changed ({e.Message}): is its folder there, and may this account write in it? Where {held} was left by a command that was killed, remove that file", e);
        }

        try
        {
            Save(path, change(Read(path)));
        }
        catch (FormatException e)
        {
            throw new JobFailedException(e.Message, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new JobFailedException($"{path} cannot be written ({e.Message}): may this account write there, and is the disk not full?", e);
        }
        finally
        {
            File.Delete(held);
        }
    }

    private static async Task LockAsync(string file, TimeProvider time, CancellationToken cancellation)
    {
        var began = time.GetTimestamp();
        while (true)
        {
            try
            {
                await FileDraft.Create(file).DisposeAsync();
                return;
            }
            catch (IOException) when (File.Exists(file) && time.GetElapsedTime(began) < LockedWithin)
            {
                await Task.Delay(AskAgainAfter, time, cancellation);
            }
        }
    }

    private static void Save(string path, TokenList list)
    {
        using var draft = FileDraft.Of(path);
        using (var stream = draft.Open())
        {
            stream.Write(Write(list));
            stream.Flush(flushToDisk: true);
        }

        GiveToOwner(draft.Path, File.Exists(path) ? path : Path.GetDirectoryName(Path.GetFullPath(path))!);
        draft.Move();
    }

    /// <summary>What root writes would be closed to the account that the node runs as.</summary>
    private static void GiveToOwner(string draft, string like)
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess) return;
        using var chown = Process.Start(new ProcessStartInfo(ProgramPath.Of("chown"), [$"--reference={like}", "--", draft]) { RedirectStandardError = true }) ?? throw new IOException("chown does not start");
        var told = chown.StandardError.ReadToEnd();
        chown.WaitForExit();
        if (chown.ExitCode != 0) throw new IOException($"chown: {told.Trim()}");
    }

    private static SubscriberToken Token(WrittenToken token, int index, string path)
    {
        var what = $"token {index + 1}";
        if (token?.Name is null || !NameRule.IsChosen(token.Name)) throw Wrong(path, $"{what} has no name");
        if (token.Sha256 is not { Length: HashLength } hash || !hash.All(c => char.IsAsciiHexDigitLower(c) || char.IsAsciiDigit(c))) throw Wrong(path, $"{what} has no SHA-256");
        if (token.Until == default) throw Wrong(path, $"{what} does not say until when it is good");
        var problem = "it has none";
        var scope = token.Scope is { } patterns && patterns.All(p => p is not null) ? TopicScope.Parse([.. patterns], out problem) : null;
        return scope is null
            ? throw Wrong(path, $"the scope of {what}: {problem}")
            : new SubscriberToken(token.Name, hash, scope, token.Until, token.CreatedAt, token.CreatedBy ?? "", token.RevokedAt, token.RevokedBy);
    }

    /// <summary>Two of one name: revoking it would end one of them. Two of one hash: which scope the token has would be chance.</summary>
    private static void RefuseDoubled(List<SubscriberToken> tokens, string text, string path)
    {
        for (var i = 1; i < tokens.Count; i++)
        {
            var first = tokens.FindIndex(t => t.Name == tokens[i].Name || t.Hash == tokens[i].Hash);
            if (first == i) continue;
            var lines = Lines(text);
            throw Wrong(path, $"line {lines[i]}: token {i + 1} has the {(tokens[first].Name == tokens[i].Name ? $"name {tokens[i].Name}" : "SHA-256")} of token {first + 1} on line {lines[first]}");
        }
    }

    /// <summary>On which line each token begins.</summary>
    private static List<int> Lines(string text)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(text);
        var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = Depth });
        var lines = new List<int>();
        while (reader.Read())
            if (reader is { TokenType: JsonTokenType.StartObject, CurrentDepth: 2 }) lines.Add(1 + bytes.AsSpan(0, (int)reader.TokenStartIndex).Count((byte)'\n'));
        return lines;
    }

    private static FormatException Wrong(string path, string what) =>
        new($"{path} is no list of tokens ({what}): put back the file as it was, or remove it and make the tokens anew with trafficflow token create");
}
