/** The Doctor in the editor area. */
import './theme.css';
import './doctor.css';
import { DoctorApp } from './pages/doctor/doctor';
import { start } from './start';

void start((host, context) => <DoctorApp host={host} context={context} />);
