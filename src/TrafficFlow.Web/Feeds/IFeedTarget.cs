namespace TrafficFlow.Web.Feeds;

/// <summary>The receiver did not take an event; it is sent again until it does.</summary>
/// <param name="message">Who, why, and what to do, in one line.</param>
public sealed class FeedRefusedException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Not before that; null where the receiver did not say.</summary>
    public TimeSpan? RetryAfter { get; init; }
}

/// <summary>Where the events of one feed go. It tries once: how often and when again is the <see cref="FeedPump"/>'s. Not for several threads.</summary>
public interface IFeedTarget : IAsyncDisposable
{
    /// <summary>Ends when the receiver has acknowledged it.</summary>
    /// <exception cref="FeedRefusedException">It has not, or nobody knows whether it has.</exception>
    Task SendAsync(FeedEvent sent, CancellationToken cancellation);

    /// <summary>Nothing is to be sent now: called each few seconds.</summary>
    /// <exception cref="FeedRefusedException">The receiver is away.</exception>
    Task IdleAsync(CancellationToken cancellation);
}
