using TrafficFlow.Node.Settings;
using TrafficFlow.Node.Tokens;

namespace TrafficFlow.Node.Subscriptions;

/// <summary>The streams and connections of subscribers: only so many in all and with one token. Thread-safe.</summary>
internal sealed class OpenStreams(SubscriptionLimits limits)
{
    private readonly Lock _gate = new();
    private readonly HashSet<Stream> _streams = [];
    private readonly Dictionary<string, int> _connections = [];

    public int Count
    {
        get
        {
            lock (_gate) return _streams.Count;
        }
    }

    /// <param name="problem">Why there is none; empty where there is.</param>
    /// <returns>Disposed of when the stream has ended; null where there are too many.</returns>
    public Stream? TryOpen(SubscriberToken token, out string problem)
    {
        var stream = new Stream(this, token);
        lock (_gate)
        {
            problem = _streams.Count(s => s.Token.Hash == token.Hash) >= limits.StreamsOfToken ? $"{limits.StreamsOfToken} streams are open with the token {token.Name} already"
                : _streams.Count >= limits.Streams ? $"{limits.Streams} streams are open at this server already"
                : "";
            if (problem.Length == 0 && _streams.Add(stream)) return stream;
        }

        stream.Dispose();
        return null;
    }

    /// <summary>A connection has shown a good token.</summary>
    /// <returns>False where there are too many with it.</returns>
    public bool TryConnect(SubscriberToken token)
    {
        lock (_gate)
        {
            var open = _connections.GetValueOrDefault(token.Hash);
            // Some more than streams: of a program that asks for the list meanwhile, or whose former connections are not known to be dead yet.
            if (open >= limits.StreamsOfToken + 4) return false;
            _connections[token.Hash] = open + 1;
            return true;
        }
    }

    public void Disconnect(SubscriberToken token)
    {
        lock (_gate)
        {
            var open = _connections.GetValueOrDefault(token.Hash) - 1;
            if (open > 0) _connections[token.Hash] = open;
            else _connections.Remove(token.Hash);
        }
    }

    /// <summary>Ends those whose token is good no more.</summary>
    /// <param name="whyNot">Null for a token that is good.</param>
    public IReadOnlyList<(SubscriberToken Token, string Reason)> End(Func<SubscriberToken, string?> whyNot)
    {
        List<(Stream Stream, string Reason)> ending;
        lock (_gate) ending = [.. _streams.Select(s => (s, whyNot(s.Token))).Where(s => s.Item2 is not null).Select(s => (s.s, s.Item2!))];
        foreach (var (stream, reason) in ending) stream.End(reason);
        return [.. ending.Select(e => (e.Stream.Token, e.Reason)).Distinct()];
    }

    /// <summary>One that is open.</summary>
    public sealed class Stream(OpenStreams all, SubscriberToken token) : IDisposable
    {
        private readonly CancellationTokenSource _ended = new();

        public SubscriberToken Token { get; } = token;

        public CancellationToken Ended => _ended.Token;

        /// <summary>Why it was ended; null for another reason than here.</summary>
        public string? Reason { get; private set; }

        internal void End(string reason)
        {
            lock (all._gate)
            {
                if (!all._streams.Contains(this) || Reason is not null) return;
                Reason = reason;
            }

            // Not in the lock: what waits for it runs at once.
            try
            {
                _ended.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // It has ended by itself meanwhile.
            }
        }

        public void Dispose()
        {
            lock (all._gate) all._streams.Remove(this);
            _ended.Dispose();
        }
    }
}
