namespace TrafficFlow.Vision.Onnx;

/// <summary>
/// The one line in which the inferences of all cameras and models of a process wait for a core. The one that has waited longest goes next, so that no
/// camera starves. A camera waits with one frame at most, so the line is never longer than there are cameras; and never do more
/// inferences run than there are cores: they would only push each other out of the caches, and all would be late.
/// </summary>
public sealed class InferenceQueue
{
    private readonly Queue<InferencePlace> _waiting = new();
    private readonly int _cores;
    private int _free;

    /// <param name="cores">That may infer at once, from 1.</param>
    public InferenceQueue(int cores) => _cores = _free = cores;

    /// <summary>As many as this machine has.</summary>
    public InferenceQueue()
        : this(Environment.ProcessorCount)
    {
    }

    public int Waiting
    {
        get
        {
            lock (_waiting) return _waiting.Count;
        }
    }

    /// <summary>Blocks until it is this place's turn. Each call is followed by one of <see cref="Leave"/>.</summary>
    /// <param name="place">Of one camera; it enters once at a time.</param>
    public void Enter(InferencePlace place)
    {
        lock (_waiting)
        {
            if (_waiting.Count == 0 && _free >= Needed(place))
            {
                _free -= Needed(place);
                return;
            }

            _waiting.Enqueue(place);
        }

        place.Called.Wait();
    }

    public void Leave(InferencePlace place)
    {
        lock (_waiting)
        {
            _free += Needed(place);
            while (_waiting.TryPeek(out var next) && _free >= Needed(next))
            {
                _free -= Needed(next);
                _waiting.Dequeue().Called.Release();
            }
        }
    }

    private int Needed(InferencePlace place) => Math.Min(place.Threads, _cores);
}

/// <summary>One camera's place in the line; made once, so that waiting allocates nothing.</summary>
/// <param name="threads">Cores that one of its inferences uses.</param>
public sealed class InferencePlace(int threads) : IDisposable
{
    internal int Threads => threads;

    internal SemaphoreSlim Called { get; } = new(0, 1);

    public void Dispose() => Called.Dispose();
}
