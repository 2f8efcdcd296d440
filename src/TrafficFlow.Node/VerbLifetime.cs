using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace TrafficFlow.Node;

/// <summary>
/// The lifetime of a host inside a verb: signals reach it through the verb's cancellation only. With .NET's own, which takes them too, the
/// verb could end while the command line was still to hear of the signal, and the process was then aborted on its last step.
/// </summary>
internal sealed class VerbLifetime : IHostLifetime
{
    public static void Use(IServiceCollection services) => services.Replace(ServiceDescriptor.Singleton<IHostLifetime, VerbLifetime>());

    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
