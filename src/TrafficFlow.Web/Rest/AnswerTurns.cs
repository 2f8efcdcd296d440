using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Logging;
using TrafficFlow.Server.Queries;
using TrafficFlow.Web.Access;
using TrafficFlow.Web.Http;

namespace TrafficFlow.Web.Rest;

/// <summary>
/// Answers out of the tables, some at a time: whoever asks for much at once holds up neither the pages nor what counts beside them. Who is nobody in particular, and reads what is
/// public, has a turn of its own: strangers hold up no account. Thread-safe.
/// </summary>
internal sealed partial class AnswerTurns(ILogger log, int atOnce = AnswerTurns.UsuallyAtOnce)
{
    private const int UsuallyAtOnce = 4;
    private const int OfStrangersAtOnce = 1;

    private static readonly TimeSpan ComeAgain = TimeSpan.FromSeconds(5);

    /// <summary>Who takes an answer slowly gives the turn back meanwhile, and is cut off where it takes hardly anything.</summary>
    private static readonly TimeSpan LongestTurn = TimeSpan.FromSeconds(30);

    private static readonly MinDataRate Slowest = new(bytesPerSecond: 8 * 1024, gracePeriod: TimeSpan.FromSeconds(10));

    private readonly Turns _ofAccounts = new(atOnce);
    private readonly Turns _ofStrangers = new(OfStrangersAtOnce);

    private static Problem Busy { get; } = new(StatusCodes.Status503ServiceUnavailable, "Too many at once", "too many ask for tables at this moment", "try again in some seconds, and ask for less at a time") { RetryAfter = ComeAgain };

    /// <summary>Answers when there is a turn, or that there is none; and that the tables do not answer, where that is so.</summary>
    public async Task RunAsync(HttpContext context, Func<Task> answer)
    {
        var turns = context.Features.Get<Caller>() is null ? _ofStrangers : _ofAccounts;
        if (!await turns.EnterAsync(context.RequestAborted))
        {
            await Busy.WriteAsync(context);
            return;
        }

        if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate) rate.MinDataRate = Slowest;
        using var turn = new Turn(turns, LongestTurn);
        try
        {
            await answer();
        }
        catch (CursorException) when (!context.Response.HasStarted)
        {
            await Problem.BadParameter("cursor", "that is no cursor of this query", "write next as it came, with the other parameters as they were; or leave it out to begin").WriteAsync(context);
        }
        catch (QueryException e) when (!context.Response.HasStarted)
        {
            // Where its files and its database are is nobody's business who asks.
            LogUnanswered(e.Message);
            await new Problem(StatusCodes.Status503ServiceUnavailable, "The tables do not answer", "the tables of this server cannot be read now", "try again in some seconds; whoever runs the server finds the reason in its log") { RetryAfter = ComeAgain }
                .WriteAsync(context);
        }
    }

    [LoggerMessage(LogLevel.Warning, "A request could not be answered: {Reason}")]
    private partial void LogUnanswered(string reason);

    /// <summary>One that is given back at its end or after its longest time, whichever comes first.</summary>
    private sealed class Turn : IDisposable
    {
        private readonly Turns _turns;
        private readonly ITimer _timer;
        private int _isOver;

        public Turn(Turns turns, TimeSpan longest)
        {
            _turns = turns;
            _timer = TimeProvider.System.CreateTimer(_ => End(), null, longest, Timeout.InfiniteTimeSpan);
        }

        public void Dispose()
        {
            _timer.Dispose();
            End();
        }

        private void End()
        {
            if (Interlocked.Exchange(ref _isOver, 1) == 0) _turns.Leave();
        }
    }

    private sealed class Turns(int atOnce)
    {
        private const int MostWaiting = 64;

        private static readonly TimeSpan WaitFor = TimeSpan.FromSeconds(10);

        private readonly SemaphoreSlim _turn = new(atOnce);
        private int _waiting;

        /// <returns>False where there is none soon.</returns>
        public async Task<bool> EnterAsync(CancellationToken cancellation)
        {
            if (Interlocked.Increment(ref _waiting) > MostWaiting)
            {
                Interlocked.Decrement(ref _waiting);
                return false;
            }

            try
            {
                return await _turn.WaitAsync(WaitFor, cancellation);
            }
            finally
            {
                Interlocked.Decrement(ref _waiting);
            }
        }

        public void Leave() => _turn.Release();
    }
}
