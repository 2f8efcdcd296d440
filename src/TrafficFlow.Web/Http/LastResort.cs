using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace TrafficFlow.Web.Http;

/// <summary>Behind everything: a request that cannot be read is told as that, and a fault of ours is logged and told without anything of what is inside.</summary>
internal sealed partial class LastResort(ILogger log)
{
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to hear.
        }
        catch (BadHttpRequestException e) when (!context.Response.HasStarted)
        {
            await new Problem(e.StatusCode, "The request cannot be read", e.StatusCode == StatusCodes.Status413PayloadTooLarge ? "it is too large" : "it is not what HTTP or its headers say", "send it anew, whole and as its headers say").WriteAsync(context);
        }
        catch (Exception e) when (UnreadableForm.Is(e) && !context.Response.HasStarted)
        {
            await new Problem(StatusCodes.Status400BadRequest, "The request cannot be read", "its body is not what its headers say", "use the page's own form").WriteAsync(context);
        }
        catch (Exception e) when (!context.Response.HasStarted)
        {
            LogFault(context.Request.Method, context.GetEndpoint()?.DisplayName ?? "no route", e);
            await new Problem(StatusCodes.Status500InternalServerError, "A fault of this server", "it could not answer", "try again; whoever runs the server finds the reason in its log").WriteAsync(context);
        }
    }

    [LoggerMessage(LogLevel.Error, "{Method} {Route} could not be answered")]
    private partial void LogFault(string method, string route, Exception fault);
}
