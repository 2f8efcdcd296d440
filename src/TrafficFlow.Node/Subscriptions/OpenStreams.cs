using TrafficFlow.Node.Settings;
using TrafficFlow.Node.Tokens;

namespace TrafficFlow.Node.Subscriptions;

/// <summary>The streams and connections of subscribers: only so many in all and with one token. Thread-safe.</summary>
internal sealed class OpenStreams(SubscriptionLimits limits)
{
    // Some more connections than streams: of a program that asks for the list meanwhile, or whose former connections are not known to be dead yet.
    private const int SpareOfToken = 4;
    private const int Spare = 32;

    private readonly Lock _gate = new();
    private readonly HashSet<Stream> _streams = [];
    private readonly Dictionary<string, int> _connections = [];
    private int _allConnections;

    /// <summary>Connections at a time that have shown a good token.</summary>
    public static int MostConnections(SubscriptionLimits limits) => limits.Streams + Spare;

    public int Count
    {
        get
        {
            lock (_gate) return _streams.Count;
        }
    }

    /// <param name="problem">Why there is none; empty where there is.</param>
    /// <returns>Disposed of when the stream has ended; null where there are too many.</returns>
    public Stream? TryOpen(SubscriberToken token, string topic, out string problem)
    {
        var stream = new Stream(this, token, topic);
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
    /// <returns>Why it cannot stay: there are too many. Null where it can, and disconnects at its end.</returns>
    public string? Connect(SubscriberToken token)
    {
        lock (_gate)
        {
            var open = _connections.GetValueOrDefault(token.Hash);
            if (open >= limits.StreamsOfToken + SpareOfToken) return $"too many connections are open with the token {token.Name} already";
            // However many tokens there are: whoever comes without one that is known yet must find room, too.
            if (_allConnections >= MostConnections(limits)) return "too many connections are open at this server already";
            _connections[token.Hash] = open + 1;
            _allConnections++;
            return null;
        }
    }

    public void Disconnect(SubscriberToken token)
    {
        lock (_gate)
        {
            var open = _connections.GetValueOrDefault(token.Hash) - 1;
            if (open > 0) _connections[token.Hash] = open;
            else _connections.Remove(token.Hash);
            _allConnections--;
        }
    }

    /// <summary>Ends those whose token is good for them no more.</summary>
    /// <param name="whyNot">Null for a token that is good for the topic.</param>
    public IReadOnlyList<(SubscriberToken Token, string Reason)> End(Func<SubscriberToken, string, string?> whyNot)
    {
        List<(Stream Stream, string Reason)> ending;
        lock (_gate) ending = [.. _streams.Select(s => (s, whyNot(s.Token, s.Topic))).Where(s => s.Item2 is not null).Select(s => (s.s, s.Item2!))];
        foreach (var (stream, reason) in ending) stream.End(reason);
        return [.. ending.Select(e => (e.Stream.Token, e.Reason)).Distinct()];
    }

    /// <summary>One that is open.</summary>
    public sealed class Stream(OpenStreams all, SubscriberToken token, string topic) : IDisposable
    {
        private readonly CancellationTokenSource _ended = new();

        /// <summary>As it was when the stream was opened.</summary>
        public SubscriberToken Token { get; } = token;

        public string Topic { get; } = topic;

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
