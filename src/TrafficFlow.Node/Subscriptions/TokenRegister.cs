using Microsoft.Extensions.Logging;
using TrafficFlow.Node.Tokens;

namespace TrafficFlow.Node.Subscriptions;

/// <summary>
/// The tokens as their file says now. A file that cannot be used changes nothing and is told: half a hand-made change must neither let anybody in nor shut all
/// out. One that is taken away lets nobody in.
/// </summary>
internal sealed partial class TokenRegister
{
    private readonly Lock _gate = new();
    private readonly string _file;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly ReadAgain _again;
    private string _stamp = "";
    private TokenList _list = TokenList.Empty;

    public TokenRegister(string file, TimeProvider time, ILogger log)
    {
        (_file, _time, _log, _again) = (file, time, log, new ReadAgain(time));
        _ = List;
    }

    public TokenList List
    {
        get
        {
            lock (_gate)
            {
                if (Stamp() is var stamp && (stamp != _stamp || _again.IsDue))
                {
                    _stamp = stamp;
                    Reread();
                }

                return _list;
            }
        }
    }

    /// <summary>Tokens that are good now.</summary>
    public int Good => List.Tokens.Count(t => t.IsGood(_time.GetUtcNow()));

    /// <returns>The token, good or not, with why it is not; null where there is no such.</returns>
    public (SubscriberToken Token, string? WhyNot)? Find(string text) => List.Find(text) is { } token ? (token, token.WhyNot(_time.GetUtcNow())) : null;

    /// <returns>Null while the token is good for the topic.</returns>
    public string? WhyNot(SubscriberToken token, string topic) => List.Again(token) is not { } now ? $"the token {token.Name} is no more"
        : now.WhyNot(_time.GetUtcNow()) ?? (now.Scope.Covers(topic) ? null : $"the token {token.Name} is for {now.Scope} now, and not for {topic}");

    private void Reread()
    {
        try
        {
            _list = TokenFile.Read(_file);
            _again.Succeeded();
        }
        catch (FormatException e)
        {
            if (_again.Failed(e.Message)) LogUnusable(e.Message);
        }
    }

    private string Stamp() => new FileInfo(_file) is { Exists: true } file ? $"{file.LastWriteTimeUtc.Ticks} {file.Length} {(OperatingSystem.IsWindows() ? 0 : (int)file.UnixFileMode)}" : "-";

    [LoggerMessage(LogLevel.Error, "The tokens of subscribers cannot be read; what was read before stays in use, without what was revoked since: {Problem}")]
    private partial void LogUnusable(string problem);
}
