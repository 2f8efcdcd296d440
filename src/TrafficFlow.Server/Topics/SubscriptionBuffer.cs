using TrafficFlow.Wire.Cameras;
using TrafficFlow.Wire.Serialization;
using TrafficFlow.Wire.Topics;

namespace TrafficFlow.Server.Topics;

/// <summary>A message for a client.</summary>
/// <param name="Dropped">Messages of this topic that were dropped before it, since the one that the client got last.</param>
/// <param name="Place">Where to go on after it, with <see cref="AddTopic"/>; null where its topic is not kept.</param>
public readonly record struct TopicMessage(string Topic, IWireMessage Message, long Dropped, TopicPlace? Place = null);

/// <summary>
/// What a client has not taken yet, of all its topics together and never more than a bound. Where a client is slow, the newest message of a
/// topic stays and what it replaces is counted; what can be asked for again is refused instead, and comes later. Thread-safe, for one reader.
/// </summary>
/// <param name="capacity">Messages that may wait.</param>
public sealed class SubscriptionBuffer(int capacity)
{
    private sealed record Waiting(string Topic, IWireMessage Message, bool CanBeDropped, TopicPlace? Place = null);

    private readonly Lock _lock = new();
    private readonly LinkedList<Waiting> _waiting = [];
    private readonly Dictionary<string, long> _dropped = [];
    private readonly SemaphoreSlim _arrived = new(0);
    private bool _isComplete;

    /// <summary>Messages that the client has not taken.</summary>
    public int Count
    {
        get
        {
            lock (_lock) return _waiting.Count;
        }
    }

    /// <returns>False where there is no room: it can be tried again.</returns>
    public bool TryAdd(string topic, IWireMessage message, TopicPlace? place = null)
    {
        lock (_lock)
        {
            if (_isComplete || (_waiting.Count >= capacity && !DropOldest(topic))) return false;
            Append(new Waiting(topic, message, CanBeDropped: false, place));
            return true;
        }
    }

    /// <summary>Makes room for it by dropping older ones, of its own topic first.</summary>
    public void AddNewest(string topic, IWireMessage message)
    {
        lock (_lock)
        {
            if (_isComplete) return;
            // The state of something: an older one is of no use to anybody.
            if (message is FlowBinsOpen or CameraStatus) DropOldest(topic, ofThisOnly: true);
            if (_waiting.Count < capacity || DropOldest(topic)) Append(new Waiting(topic, message, CanBeDropped: true));
            else CountDropped(topic);
        }
    }

    /// <summary>The last message of a topic: one that must not be lost, for which there always is room.</summary>
    public void AddLast(string topic, IWireMessage message)
    {
        lock (_lock)
        {
            if (!_isComplete) Append(new Waiting(topic, message, CanBeDropped: false));
        }
    }

    /// <summary>What waits of a topic that nobody wants any more.</summary>
    public void Remove(string topic)
    {
        lock (_lock)
        {
            for (var node = _waiting.First; node is not null;)
            {
                var next = node.Next;
                if (node.Value.Topic == topic) _waiting.Remove(node);
                node = next;
            }

            _dropped.Remove(topic);
        }
    }

    /// <summary>Nothing more will come; what waits can still be read.</summary>
    public void Complete()
    {
        lock (_lock) _isComplete = true;
        _arrived.Release();
    }

    /// <returns>Null once it is complete and everything was read.</returns>
    public async ValueTask<TopicMessage?> ReadAsync(CancellationToken cancellation)
    {
        while (true)
        {
            // Before: what is added between the two would else be left behind.
            var isComplete = Volatile.Read(ref _isComplete);
            if (TryRead() is { } message) return message;
            if (isComplete) return null;
            await _arrived.WaitAsync(cancellation).ConfigureAwait(false);
        }
    }

    /// <returns>The oldest message, of one topic where it is named; null where none waits.</returns>
    public TopicMessage? TryRead(string? topic = null)
    {
        lock (_lock)
        {
            for (var node = _waiting.First; node is not null; node = node.Next)
            {
                if (topic is not null && node.Value.Topic != topic) continue;
                _waiting.Remove(node);
                _dropped.Remove(node.Value.Topic, out var dropped);
                return new TopicMessage(node.Value.Topic, node.Value.Message, dropped, node.Value.Place);
            }

            return null;
        }
    }

    private void Append(Waiting message)
    {
        _waiting.AddLast(message);
        // One is enough to wake the reader, who takes all that waits.
        if (_arrived.CurrentCount == 0) _arrived.Release();
    }

    private bool DropOldest(string topic, bool ofThisOnly = false)
    {
        LinkedListNode<Waiting>? other = null;
        for (var node = _waiting.First; node is not null; node = node.Next)
        {
            if (!node.Value.CanBeDropped) continue;
            if (node.Value.Topic == topic)
            {
                Drop(node);
                return true;
            }

            other ??= node;
        }

        if (other is null || ofThisOnly) return false;
        Drop(other);
        return true;
    }

    private void Drop(LinkedListNode<Waiting> node)
    {
        _waiting.Remove(node);
        CountDropped(node.Value.Topic);
    }

    private void CountDropped(string topic) => _dropped[topic] = _dropped.GetValueOrDefault(topic) + 1;
}
