using System.Runtime.InteropServices;

namespace ModelCompiler.Runtime.Training;

/// <summary>Notes that the user or the system asks the process to end, so that the run can end itself first. A second request ends the process at once.</summary>
internal sealed class Interruption : IDisposable
{
    private readonly PosixSignalRegistration[] _registrations;
    private volatile bool _isRequested;

    /// <param name="isOn">Off: nothing is noted, and signals do what they do.</param>
    public Interruption(bool isOn) => _registrations = isOn
        ? [PosixSignalRegistration.Create(PosixSignal.SIGINT, Note), PosixSignalRegistration.Create(PosixSignal.SIGTERM, Note)]
        : [];

    public bool IsRequested => _isRequested;

    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }
    }

    private void Note(PosixSignalContext context)
    {
        context.Cancel = !_isRequested;
        _isRequested = true;
    }
}
