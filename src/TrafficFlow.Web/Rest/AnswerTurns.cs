using Microsoft.AspNetCore.Http;
using TrafficFlow.Web.Http;

namespace TrafficFlow.Web.Rest;

/// <summary>Answers out of the tables, some at a time: whoever asks for much at once holds up neither the pages nor what counts beside them. Thread-safe.</summary>
internal sealed class AnswerTurns
{
    private const int AtOnce = 4;
    private const int MostWaiting = 64;

    private static readonly TimeSpan WaitFor = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ComeAgain = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _turn = new(AtOnce);
    private int _waiting;

    public static Problem Busy { get; } = new(StatusCodes.Status503ServiceUnavailable, "Too many at once", "too many ask for tables at this moment", "try again in some seconds, and ask for less at a time") { RetryAfter = ComeAgain };

    /// <returns>Null where there was none in time; else to be disposed of behind the answer.</returns>
    public async Task<IDisposable?> TakeAsync(CancellationToken cancellation)
    {
        if (Interlocked.Increment(ref _waiting) > MostWaiting)
        {
            Interlocked.Decrement(ref _waiting);
            return null;
        }

        try
        {
            return await _turn.WaitAsync(WaitFor, cancellation) ? new Turn(_turn) : null;
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    private sealed class Turn(SemaphoreSlim turn) : IDisposable
    {
        public void Dispose() => turn.Release();
    }
}
